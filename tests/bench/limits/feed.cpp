#include "tests/bench/limits/limits.hpp"

#if FRISTVAKT_BENCH_LIBICAL
#include <libical/ical.h>
#endif

namespace fristvakt::bench {

/// COUNT all-day events written by libical, as a subscriber gets them; from values that are there.
void feed([[maybe_unused]] const Arguments& arguments) {
#if FRISTVAKT_BENCH_LIBICAL
    const long count = std::stol(arguments.at(0));
    const auto begin = Machine::now();
    icalcomponent* calendar =
        icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
                            icalproperty_new_prodid("-//bench//nb"), static_cast<void*>(nullptr));
    for (long index = 0; index < count; ++index) {
        const std::string name = "Kommune " + std::to_string(index);
        const std::string uid = "landet.krav-000." + std::to_string(index) + "@embetet.example";
        icaltimetype day = icaltime_null_date();
        day.year = 2027;
        day.month = 9;
        day.day = 1 + static_cast<int>(index % 28);
        icalcomponent_add_component(
            calendar,
            icalcomponent_vanew(
                ICAL_VEVENT_COMPONENT, icalproperty_new_uid(uid.c_str()),
                icalproperty_new_dtstamp(icaltime_from_timet_with_zone(
                    1'800'000'000, 0, icaltimezone_get_utc_timezone())),
                icalproperty_new_dtstart(day),
                icalproperty_new_summary(("Frist: Krav 0 – " + name).c_str()),
                icalproperty_new_description(("Krav 0 skal være levert av " + name).c_str()),
                icalproperty_new_url("http://127.0.0.1:8080/sak/landet/krav-000/kommune-000000"),
                icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT), static_cast<void*>(nullptr)));
    }
    char* text = icalcomponent_as_ical_string_r(calendar);
    print("seconds", seconds_since(begin));
    free(text);
    icalcomponent_free(calendar);
#else
    die("built without libical; script/bench installs it");
#endif
}

}  // namespace fristvakt::bench
