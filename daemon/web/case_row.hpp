#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/web/status.hpp"
#include "daemon/web/view.hpp"
#include "workflows/decision/explain.hpp"
#include "workflows/decision/recipients.hpp"

/// One case as lists show it.
namespace fristvakt::daemon {

enum class ContactState { Known, Missing, Refused };

/// Whoever the first step of the requirement's ladder reaches today.
struct ContactSummary {
    std::string name;  ///< A name, else an address; empty when there is nobody.
    std::string phone;
    ContactState state{ContactState::Missing};
};
[[nodiscard]] ContactSummary contact_of(const workflows::Case& item,
                                        const workflows::Definitions& definitions,
                                        workflows::Date today,
                                        const workflows::RefusedAddresses& refused);

/// Our own people for the case: the responsible one, else all who hold the role.
[[nodiscard]] std::vector<workflows::Recipient> responsible_for(
    const workflows::Case& item, const workflows::Definitions& definitions, workflows::Date today);
/// Their names, with commas between.
[[nodiscard]] std::string responsible_names(const workflows::Case& item,
                                            const workflows::Definitions& definitions,
                                            workflows::Date today);

/// What has been sent about a case, and what will be.
struct Reminding {
    int sent{0};  ///< Steps that reached the debtor, under the deadline in force or an earlier one.
    std::optional<workflows::Instant> last_sent_at;  ///< When the last of them fell due.
    int steps{0};  ///< Of the ladder in force, those that go to the debtor.
    workflows::Explanation explanation;
    const workflows::StepOutlook* next{nullptr};  ///< In `explanation`; null: nothing to come.
};
[[nodiscard]] workflows::Result<Reminding> reminding_of(View& view, const workflows::Case& item,
                                                        const workflows::RefusedAddresses& refused);

/// The case's page, and its organisation's and requirement's, as links.
[[nodiscard]] Html case_link(const View& view, const workflows::Case& item);
[[nodiscard]] Html organisation_link(const View& view, std::string_view id);
[[nodiscard]] Html requirement_link(const View& view, const workflows::Case& item);
/// "/ordninger/pulje/pulje-5/mote/nettverk": where a meeting's dates are set.
[[nodiscard]] std::string meeting_path(const std::string& cohort, const std::string& meeting);
/// "/ordninger/pulje/pulje-5/plan", and where one of its rows is changed.
[[nodiscard]] std::string plan_path(const std::string& cohort);
[[nodiscard]] std::string activity_path(const std::string& cohort, const std::string& activity);
/// Where the date of a meeting is changed: that of a row in the plan there.
[[nodiscard]] std::string change_path(const std::string& cohort,
                                      const workflows::Requirement& meeting);
[[nodiscard]] Html status_tag(const View& view, const workflows::Case& item,
                              const CaseStatus& status);
[[nodiscard]] Html contact_text(const View& view, const ContactSummary& contact);

/// "9 dager over", "i dag", "3 dager igjen".
[[nodiscard]] std::string days_left_text(const View& view, int left);

}  // namespace fristvakt::daemon
