#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/web/status.hpp"
#include "daemon/web/view.hpp"
#include "workflows/decision/recipients.hpp"

/// The one filter that Planoversikt and Frister share: read from the query, shown as a form and as
/// chips that can be taken off, turned into links that change one thing.
namespace fristvakt::daemon {

class Question {
 public:
    explicit Question(const View& view);

    std::string cohort;  ///< Empty: all that run today. Likewise below.
    std::string programme;
    std::string requirement;
    std::string period;       ///< A semester, "2021-var", in which the deadline lies.
    std::string region;       ///< The organisation above the debtor.
    std::string responsible;  ///< The pseudonym of one of our own people.
    std::string language;     ///< "nn": those who are written to in nynorsk.
    std::optional<StatusKind> status;
    bool deviations_only{false};
    bool without_contact{false};
    bool all_periods{false};
    bool without_deadline{false};
    bool free_day{false};  ///< The deadline lies on a Saturday, Sunday or holiday.

    /// This page with one value changed, or taken off when `value` is empty.
    [[nodiscard]] std::string with(std::string_view name, std::string_view value) const;
    /// As `with`, on another page.
    [[nodiscard]] std::string on(std::string_view path, std::string_view name,
                                 std::string_view value) const;
    /// The value of `ansvarlig` for whoever looks; empty when they are none of our case officers.
    [[nodiscard]] std::string mine() const;
    /// Something is left out that would be there without a filter.
    [[nodiscard]] bool is_narrow() const;

    /// The cohorts that are asked for: by name, programme, else those that run today.
    [[nodiscard]] std::vector<const workflows::Cohort*> cohorts() const;
    /// Whether a case is asked for, by all but its status and contact.
    [[nodiscard]] bool takes(const workflows::Case& item) const;
    [[nodiscard]] bool takes(const CaseStatus& what) const;

    /// The form; `with_list_filters` adds what only lists of deadlines can do.
    [[nodiscard]] Html form(bool with_list_filters) const;
    /// Without what is about where a case stands now: for what looks back.
    [[nodiscard]] Html form_of_past() const;
    /// Each choice as a link that takes it off; empty when there is none.
    [[nodiscard]] Html chips() const;

 private:
    [[nodiscard]] Html form_begin() const;
    [[nodiscard]] Html cohort_choice() const;
    [[nodiscard]] Html requirement_choice() const;
    [[nodiscard]] Html period_choice() const;
    [[nodiscard]] Html region_choice() const;
    [[nodiscard]] Html responsible_choice() const;
    [[nodiscard]] Html status_choice() const;
    [[nodiscard]] std::vector<const workflows::Contact*> officers() const;
    [[nodiscard]] std::string officer_name(std::string_view id) const;

    const View& view_;
    std::vector<std::pair<std::string, std::string>> arguments_;
};

/// All statuses in the order in which they are shown.
[[nodiscard]] const std::vector<StatusKind>& shown_statuses();

}  // namespace fristvakt::daemon
