select
    date as observed_on,
    precipitation as precipitation_mm,
    temp_max as high_c,
    temp_min as low_c,
    wind as wind_speed,
    weather as sky
from {{ source('weather_raw', 'daily_observation') }}
