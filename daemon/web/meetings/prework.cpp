#include "daemon/web/meetings/prework.hpp"

#include "daemon/http/url.hpp"
#include "daemon/web/brought.hpp"

namespace fristvakt::daemon {

using workflows::Cohort;
using workflows::MeetingDate;
using workflows::Requirement;

std::vector<const Requirement*> prework_of(const Cohort& cohort, const Requirement& meeting,
                                           const MeetingDate* date) {
    std::vector<const Requirement*> found;
    if (date == nullptr) {
        return found;
    }
    const std::string before = meeting.id + (date->period.empty() ? "" : "/" + date->period) + "/";
    for (const Requirement& one : cohort.requirements) {
        if (one.origin == Requirement::Origin::Prework && one.id.starts_with(before) &&
            one.id.find('/', before.size()) == std::string::npos) {
            found.push_back(&one);
        }
    }
    return found;
}

workflows::Result<Cell> prework_cell(View& view, const Cohort& cohort, const Requirement& meeting,
                                     const MeetingDate* date) {
    std::string text;
    Html drawn;
    for (const Requirement* const one : prework_of(cohort, meeting, date)) {
        const auto counted = brought(view, cohort, one->id);
        if (!counted.ok()) {
            return counted.error();
        }
        const std::string count = in_words(counted.value(), view.language);
        const std::string& title = view.in(one->title);
        drawn.add("{}<a class=\"ds-link\" href=\"/krav/{}/{}\">{}</a>: {}",
                  drawn.empty() ? html("") : html("<br>"), percent_encode(cohort.id),
                  percent_encode(one->id), title, count);
        text += (text.empty() ? "" : "; ") + title + ": " + count;
    }
    return text.empty() ? Cell{} : Cell{Cell{text}, drawn};
}

}  // namespace fristvakt::daemon
