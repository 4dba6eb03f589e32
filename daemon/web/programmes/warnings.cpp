#include "daemon/web/programmes/warnings.hpp"

#include <algorithm>

#include "daemon/web/actions/form.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/meetings.hpp"

namespace fristvakt::daemon {

using workflows::Activity;
using workflows::Cohort;
using workflows::Date;
using workflows::Definitions;
using workflows::Language;
using workflows::Meeting;
using workflows::MeetingDate;
using workflows::Text;

namespace {

/// A meeting that is put on a time that has been.
void add_past_meetings(const Cohort& cohort, const Cohort* before, const View& view,
                       std::vector<Text>& out) {
    for (const Meeting& meeting : cohort.meetings) {
        const Meeting* const known = before == nullptr ? nullptr : before->find_meeting(meeting.id);
        for (const MeetingDate& date : meeting.dates) {
            const bool is_past = view.definitions->time_zone().to_instant(date.start) < view.now();
            const bool stood =
                known != nullptr && std::ranges::any_of(known->dates, [&](const MeetingDate& old) {
                    return old.start == date.start &&
                           old.cancelled.empty() == date.cancelled.empty();
                });
            if (!is_past || stood || !date.cancelled.empty()) {
                continue;
            }
            const auto when = [&](Language language) {
                return workflows::time_in_words(workflows::time_of(date), language);
            };
            out.push_back(
                {"«" + meeting.title.nb + "» er lagt til " + when(Language::Nb) + ", som har vært.",
                 "«" + meeting.title.nn + "» er lagt til " + when(Language::Nn) +
                     ", som har vore."});
        }
    }
}

/// A row of a plan that is to be delivered on a day that has been.
void add_past_deliveries(const Cohort& cohort, const Cohort* before, const View& view,
                         std::vector<Text>& out) {
    for (const Activity& row : cohort.activities) {
        const Activity* const known = before == nullptr ? nullptr : before->find_activity(row.id);
        if (row.is_meeting() || row.dates.spans.empty() ||
            (known != nullptr && known->dates == row.dates)) {
            continue;
        }
        const Date due = row.dates.spans.back().last;
        if (due < view.today()) {
            out.push_back({"«" + row.what.nb + "» får frist " +
                               workflows::long_date(due, Language::Nb) + ", som har vært.",
                           "«" + row.what.nn + "» får frist " +
                               workflows::long_date(due, Language::Nn) + ", som har vore."});
        }
    }
}

/// A meeting that leaves its semester: the one it had is owed a date anew.
void add_left_period(const Edit& edit, const Proposal& proposal, std::vector<Text>& out) {
    const auto* const dated = std::get_if<MeetingDated>(&edit);
    const Cohort* const cohort =
        dated == nullptr ? nullptr : proposal.before->find_cohort(dated->cohort);
    const Meeting* const meeting =
        cohort == nullptr ? nullptr : cohort->find_meeting(dated->meeting);
    const auto from =
        dated == nullptr ? std::nullopt : workflows::parse_local_time(dated->old_start);
    const auto to = dated == nullptr ? std::nullopt : workflows::parse_local_time(dated->start);
    if (meeting == nullptr || !from || !to) {
        return;
    }
    const auto period_at = [&](workflows::LocalTime time) {
        return workflows::period_of(*meeting, *cohort, workflows::day_of(time),
                                    proposal.after->calendar);
    };
    const auto left = period_at(*from);
    const auto entered = period_at(*to);
    if (left && entered && left->id != entered->id) {
        const auto say = [&](Language language, std::string_view lies, std::string_view lacks) {
            return std::string{lies} + period_title(entered->id, language) + ". " +
                   std::string{lacks} + period_title(left->id, language) + ".";
        };
        out.push_back({say(Language::Nb, "Den nye datoen ligger i et annet tidsrom, ",
                           "Da mangler det et møte for "),
                       say(Language::Nn, "Den nye datoen ligg i eit anna tidsrom, ",
                           "Då manglar det eit møte for ")});
    }
}

}  // namespace

Html warnings(const View& view, const Edit& edit, const Proposal& proposal) {
    std::vector<Text> said;
    add_left_period(edit, proposal, said);
    for (const Cohort& cohort : proposal.after->cohorts) {
        const Cohort* const before = proposal.before->find_cohort(cohort.id);
        add_past_meetings(cohort, before, view, said);
        add_past_deliveries(cohort, before, view, said);
    }
    std::string english;
    for (const workflows::Diagnostic& one : proposal.warnings) {
        if (!one.words.nb.empty()) {
            said.push_back(one.words);
        } else {
            english += (english.empty() ? "" : "\n") + to_string(one);
        }
    }
    if (!english.empty()) {
        said.push_back({"Kontrollen advarer om noe i oppsettet slik det blir.",
                        "Kontrollen åtvarar om noko i oppsettet slik det blir."});
    }
    if (said.empty()) {
        return {};
    }
    Html items;
    for (const Text& one : said) {
        items.add("<li>{}</li>\n", view.in(one));
    }
    Html out = html(
        "<div class=\"ds-alert\" data-color=\"warning\" id=\"varsler\"><div><p>{}</p>\n"
        "<ul class=\"ds-list\">{}</ul></div></div>\n",
        view.pick("Se på dette før du tar endringen i bruk:",
                  "Sjå på dette før du tek endringa i bruk:"),
        items);
    if (!english.empty()) {
        out.add(findings_fold(view, english));
    }
    return out;
}

}  // namespace fristvakt::daemon
