#include <algorithm>
#include <regex>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "workflows/definition/meetings.hpp"
#include "workflows/definition/verification.hpp"
#include "workflows/model/digest.hpp"
#include "workflows/time/holidays.hpp"

namespace fristvakt::workflows {
namespace {

const SourcePosition& at(const MeetingDate& date, std::string_view key) {
    return place(date.places, key, date.where);
}

/// One meeting's date with all who are called to it.
struct Gathering {
    const Cohort* cohort;
    const Meeting* meeting;
    const MeetingDate* date;
};

/// The first person, by address, whom both call.
const Contact* called_twice(const Gathering& one, const Gathering& other,
                            const Definitions& definitions) {
    const auto at_other = called_to(*other.cohort, *other.meeting, *other.date, definitions);
    for (const Contact* contact : called_to(*one.cohort, *one.meeting, *one.date, definitions)) {
        const bool is_there = std::ranges::any_of(at_other, [&](const Contact* other_contact) {
            return lower_case(other_contact->email) == lower_case(contact->email);
        });
        if (is_there) {
            return contact;
        }
    }
    return nullptr;
}

/// What is said to those who plan when a meeting lies on a day on which few are at work.
Text words_of_idle_day(Date day, const Text& what) {
    return {fmt::format("Møtet er lagt til {} ({}). Få er på jobb da.",
                        long_date(day, Language::Nb), what.nb),
            fmt::format("Møtet er lagt til {} ({}). Få er på jobb då.",
                        long_date(day, Language::Nn), what.nn)};
}

/// The weekday stands in the date.
Text words_of_free_day(Date day) {
    return holiday_on(day) ? Text{std::string{day_name(day, Language::Nb)},
                                  std::string{day_name(day, Language::Nn)}}
                           : Text{"helg", "helg"};
}

Text words_of_late_prework(const Requirement& prework, Date due) {
    return {fmt::format("«{}» har frist {}, når møtet har begynt.", prework.title.nb,
                        long_date(due, Language::Nb)),
            fmt::format("«{}» har frist {}, når møtet har byrja.", prework.title.nn,
                        long_date(due, Language::Nn))};
}

Text words_of_clash(const Gathering& one, const Gathering& other, const Contact& contact,
                    const Definitions& definitions) {
    const std::string& name = contact.name.empty() ? contact.email : contact.name;
    const auto organisation = definitions.organisations.find(contact.organisation);
    const std::string who = organisation == definitions.organisations.end()
                                ? name
                                : fmt::format("{} ({})", name, organisation->second.name);
    // Whoever plans one programme need not know of the meetings of another.
    const bool is_own = one.cohort->programme == other.cohort->programme;
    const auto say = [&](Language language, std::string_view while_that, std::string_view foreign,
                         std::string_view called) {
        const std::string first =
            is_own ? "«" + one.meeting->title.in(language) + "»" : std::string{foreign};
        return fmt::format("«{}» {} {}, {} {}.", other.meeting->title.in(language), while_that,
                           first, called, who);
    };
    return {say(Language::Nb, "holdes samtidig med", "et møte i en annen ordning",
                "og begge kaller inn"),
            say(Language::Nn, "blir halde samtidig med", "eit møte i ei anna ordning",
                "og begge kallar inn")};
}

class MeetingCheck {
 public:
    explicit MeetingCheck(Verification& verification)
        : verification_(verification), definitions_(verification.definitions) {}

    void run() {
        for (const Cohort& cohort : definitions_.cohorts) {
            for (const Meeting& meeting : cohort.meetings) {
                check(cohort, meeting);
            }
        }
        warn_of_clashes();
    }

 private:
    void check(const Cohort& cohort, const Meeting& meeting) {
        check_audience(cohort, meeting.audience, meeting.places, "audience", meeting.where);
        std::set<std::string> taken;
        for (const MeetingDate& date : meeting.dates) {
            check_audience(cohort, date.also, date.places, "also", date.where);
            const Date day = day_of(date.start);
            const auto period = period_of(meeting, cohort, day, definitions_.calendar);
            if (!period) {
                verification_.error(
                    at(date, "start"),
                    fmt::format("{} lies in no period of `{}`", iso_date(day), meeting.id),
                    fmt::format("check the year; the cohort lasts from {} to {}",
                                iso_date(cohort.from), iso_date(cohort.to)));
                continue;
            }
            const std::string path = path_of(meeting, period->id, date);
            if (!taken.insert(path).second) {
                verification_.error(date.where,
                                    fmt::format("`{}` has two dates {}{}", meeting.id,
                                                period->id.empty() ? "" : "in " + period->id,
                                                date.id.empty() ? "" : " called " + date.id),
                                    "check that it lies in the right period, or give the second "
                                    "one an `id:` of its own");
                continue;
            }
            check_semester(date, day);
            check_clock(date, "start", date.start);
            check_clock(date, "end", date.end);
            check_words(meeting, date, day);
            check_day(cohort, date);
            for (const Requirement& prework : date.prework) {
                if (!taken.insert(path + "/" + prework.id).second) {
                    verification_.error(
                        place(prework.places, "id", prework.where),
                        fmt::format("`{}` is the name of a date in {} too", prework.id,
                                    period->id.empty() ? meeting.id : period->id),
                        "give one of them another id: their cases would have one name");
                }
                check_prework(date, prework);
            }
            gatherings_.push_back({&cohort, &meeting, &date});
        }
    }

    void check_audience(const Cohort& cohort, const std::vector<std::string>& roles,
                        const Places& places, std::string_view key, const SourcePosition& where) {
        if (verification_.unreadable.all_contacts) {
            return;
        }
        for (std::size_t index = 0; index < roles.size(); ++index) {
            const bool is_held =
                std::ranges::any_of(cohort.participants, [&](const Participant& participant) {
                    return std::ranges::any_of(definitions_.contacts_of(participant.organisation),
                                               [&](const Contact* contact) {
                                                   return std::ranges::find(contact->roles,
                                                                            roles[index]) !=
                                                          contact->roles.end();
                                               });
                });
            if (!is_held && !cohort.participants.empty()) {
                const std::string item = std::string{key} + "." + std::to_string(index);
                verification_.warn(place(places, item, place(places, key, where)),
                                   fmt::format("nobody who takes part is {}", roles[index]),
                                   "check the role's name, or add contacts with that role");
            }
        }
    }

    [[nodiscard]] std::string semester_on(Date day) const {
        const auto semester = semester_of(day, definitions_.calendar);
        return semester ? semester_id(*semester) : std::string{};
    }

    void check_semester(const MeetingDate& date, Date day) {
        const std::string actual = semester_on(day);
        if (!date.semester.empty() && date.semester != actual) {
            verification_.error(
                at(date, "start"),
                fmt::format("{} lies in {}, not in {}", iso_date(day),
                            actual.empty() ? "no semester" : actual, date.semester),
                "check the year of the date and the `semester`, such as 2021-var or 2021-host");
        }
    }

    /// An hour that is skipped when summer time begins: nobody would know when to come. Not
    /// midnight, which stands for a whole day where no hour is written.
    void check_clock(const MeetingDate& date, std::string_view key, LocalTime time) {
        const TimeZone& zone = definitions_.time_zone();
        const Date day = day_of(time);
        if (time == day || zone.to_local(zone.to_instant(time)) == time) {
            return;
        }
        const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time - day).count();
        verification_.error(at(date, key),
                            fmt::format("there is no {:02}:{:02} on {}: the clocks go forward then",
                                        minutes / 60, minutes % 60, iso_date(day)),
                            "write the hour before or the hour after");
    }

    /// "høsten 2020" in what is told of a meeting that lies in another semester.
    void check_words(const Meeting& meeting, const MeetingDate& date, Date day) {
        static const std::regex kSemester{
            "([Vv]år|[Hh]øst|[Hh]aust)(?:en)? (20[0-9][0-9])(?![0-9])"};
        const std::string actual = semester_on(day);
        for (const auto& [key, text] :
             {std::pair{"agenda", &date.agenda}, std::pair{"start", &meeting.title},
              std::pair{"start", &meeting.instructions}}) {
            for (const std::string* words : {&text->nb, &text->nn}) {
                std::smatch said;
                if (actual.empty() || !std::regex_search(*words, said, kSemester)) {
                    continue;
                }
                const bool is_spring = said[1].str().ends_with("år");
                if (said[2].str() + (is_spring ? "-var" : "-host") != actual) {
                    verification_.warn(at(date, key),
                                       fmt::format("it speaks of {}, and {} lies in {}",
                                                   said[0].str(), iso_date(day), actual),
                                       "correct the date or the words");
                    return;
                }
            }
        }
    }

    void check_day(const Cohort& cohort, const MeetingDate& date) {
        const Date first = day_of(date.start);
        const Date last = day_of(date.end - Seconds{1});
        if (first < cohort.from || last > cohort.to) {
            verification_.warn(at(date, "start"),
                               fmt::format("{} lies outside the cohort's period", iso_date(first)),
                               "check the year",
                               {"Møtet ligger helt eller delvis utenfor puljens periode.",
                                "Møtet ligg heilt eller delvis utanfor perioden til pulja."});
        }
        for (Date day = first; day <= last; day += cal::days{1}) {
            if (is_free_day(day)) {
                verification_.warn(
                    at(date, "start"),
                    fmt::format("{} is {}", iso_date(day), day_name(day, Language::Nb)),
                    "few are at work then; choose another day if it was not meant",
                    words_of_idle_day(day, words_of_free_day(day)));
                return;
            }
            if (const SoftPeriod* soft = soft_period_on(day, definitions_.calendar)) {
                verification_.warn(at(date, "start"),
                                   fmt::format("{} lies in {}", iso_date(day), soft->title.nb),
                                   "few are at work then; choose another day if it was not meant",
                                   words_of_idle_day(day, soft->title));
                return;
            }
        }
    }

    void check_prework(const MeetingDate& date, const Requirement& prework) {
        const Anchors anchors{{"start", date.start}, {"end", date.end}};
        const auto due = evaluate(*prework.due.expression, anchors, prework.if_free_day,
                                  definitions_.time_zone());
        if (due.ok() && due.value().ends_at > definitions_.time_zone().to_instant(date.start)) {
            verification_.warn(place(prework.places, "due", prework.where),
                               fmt::format("`{}` is due on {}, when the meeting has begun",
                                           prework.id, iso_date(due.value().date)),
                               "write such as `start - 7 days`",
                               words_of_late_prework(prework, due.value().date));
        }
    }

    void warn_of_clashes() {
        const auto start = [](const Gathering& one) { return one.date->start; };
        std::ranges::sort(gatherings_, {}, start);
        for (std::size_t index = 0; index < gatherings_.size(); ++index) {
            for (std::size_t next = index + 1; next < gatherings_.size(); ++next) {
                const Gathering& one = gatherings_[index];
                const Gathering& other = gatherings_[next];
                if (other.date->start >= one.date->end) {
                    break;
                }
                const bool both_held = one.date->cancelled.empty() && other.date->cancelled.empty();
                const Contact* contact =
                    both_held ? called_twice(one, other, definitions_) : nullptr;
                if (contact != nullptr) {
                    verification_.warn(
                        at(*other.date, "start"),
                        fmt::format("`{}` is held while `{}` is, and both call {} of {}",
                                    other.meeting->id, one.meeting->id,
                                    contact->name.empty() ? contact->email : contact->name,
                                    contact->organisation),
                        "choose another time if it was not meant",
                        words_of_clash(one, other, *contact, definitions_));
                }
            }
        }
    }

    Verification& verification_;
    const Definitions& definitions_;
    std::vector<Gathering> gatherings_;
};

}  // namespace

void verify_meetings(Verification& verification) {
    MeetingCheck(verification).run();
}

}  // namespace fristvakt::workflows
