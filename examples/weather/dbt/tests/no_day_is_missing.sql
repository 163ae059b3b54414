select previous_on, observed_on
from (
    select observed_on, lag(observed_on) over (order by observed_on) as previous_on
    from {{ ref('stg_weather__daily') }}
) as days
where previous_on is not null
  and {{ dbt.datediff('previous_on', 'observed_on', 'day') }} <> 1
