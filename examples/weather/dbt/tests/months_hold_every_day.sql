select monthly.days as days_in_months, daily.days as days_observed
from (select sum(days) as days from {{ ref('monthly_climate') }}) as monthly
cross join (select count(*) as days from {{ ref('stg_weather__daily') }}) as daily
where monthly.days is distinct from daily.days
   or daily.days = 0
