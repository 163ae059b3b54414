select observed_on, low_c, high_c
from {{ ref('stg_weather__daily') }}
where low_c > high_c
