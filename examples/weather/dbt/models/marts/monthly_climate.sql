select
    cast({{ dbt.date_trunc('month', 'observed_on') }} as date) as month,
    count(*) as days,
    cast(avg(high_c) as numeric(6, 2)) as mean_high_c,
    cast(avg(low_c) as numeric(6, 2)) as mean_low_c,
    cast(sum(precipitation_mm) as numeric(8, 1)) as precipitation_mm,
    count(case when precipitation_mm > 0 then 1 end) as wet_days,
    count(case when sky = 'sun' then 1 end) as sunny_days,
    count(case when sky = 'snow' then 1 end) as snow_days
from {{ ref('stg_weather__daily') }}
group by 1
