with daily as (
    select
        cast(extract(year from observed_on) as integer) as year,
        observed_on,
        precipitation_mm,
        high_c,
        low_c
    from {{ ref('stg_weather__daily') }}
),

ranked as (
    select
        *,
        row_number() over (partition by year order by high_c desc, observed_on) as hot_rank,
        row_number() over (partition by year order by low_c, observed_on) as cold_rank,
        row_number() over (partition by year order by precipitation_mm desc, observed_on) as wet_rank,
        -- Constant over a run of dry days, and different for the next one.
        row_number() over (partition by year order by observed_on)
        - row_number() over (partition by year, precipitation_mm = 0 order by observed_on) as spell
    from daily
),

dry_spells as (
    select year, spell, count(*) as days
    from ranked
    where precipitation_mm = 0
    group by year, spell
),

longest as (
    select year, max(days) as days
    from dry_spells
    group by year
)

select
    ranked.year,
    max(case when hot_rank = 1 then observed_on end) as hottest_on,
    max(case when hot_rank = 1 then high_c end) as hottest_c,
    max(case when cold_rank = 1 then observed_on end) as coldest_on,
    max(case when cold_rank = 1 then low_c end) as coldest_c,
    max(case when wet_rank = 1 then observed_on end) as wettest_on,
    max(case when wet_rank = 1 then precipitation_mm end) as wettest_mm,
    cast(coalesce(max(longest.days), 0) as integer) as longest_dry_spell_days
from ranked
left join longest on ranked.year = longest.year
group by ranked.year
