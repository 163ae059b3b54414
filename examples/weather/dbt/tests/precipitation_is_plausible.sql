select observed_on, precipitation_mm
from {{ ref('stg_weather__daily') }}
where precipitation_mm < 0
   or precipitation_mm > {{ var('max_precipitation_mm') }}
