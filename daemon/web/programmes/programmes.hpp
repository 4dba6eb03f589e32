#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "daemon/access/visible.hpp"
#include "daemon/configuration/programme_desk.hpp"
#include "daemon/http/router.hpp"
#include "daemon/web/actions/form.hpp"
#include "daemon/web/pages.hpp"
#include "daemon/web/view.hpp"

/// Programmes, participants, deadlines and contacts on the pages. Nothing that is read changes
/// anything; every change is shown with all that it would bring, and is made by a second POST.
/// Complete without any script.
namespace fristvakt::daemon {

class Programmes {
 public:
    /// All must outlive this.
    Programmes(const VisitorEngines& engines, const Pages& pages, ProgrammeDesk& desk)
        : engines_(engines), pages_(pages), desk_(desk) {}

    void add_routes(Router& router);

 private:
    using Draw = HttpResponse (Programmes::*)(View&) const;
    using Handle = HttpResponse (Programmes::*)(View&, const FormData&) const;
    /// What a form asks for, and what stands around it.
    struct Order {
        std::string path;      ///< Of the form.
        std::string back;      ///< The page that it is about.
        workflows::Text what;  ///< "Flytt fristen for Kommunens plan"
        Edit edit;
        /// The form once more, with what was wrong.
        std::function<HttpResponse(const FormState&, int status)> again;
        /// The case that it is about, and the event that says what was done to it; where there is
        /// none, `back` says so.
        std::string done_case{};
        std::string_view done{};
    };

    // The lists and one cohort.
    [[nodiscard]] HttpResponse list(View& view) const;
    [[nodiscard]] HttpResponse cohort(View& view) const;
    // Cohorts.
    [[nodiscard]] HttpResponse copy_form(View& view) const;
    [[nodiscard]] HttpResponse copy(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse move_form(View& view) const;
    [[nodiscard]] HttpResponse move(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse add_participant(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse end_participant(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse take_out(View& view, const FormData& form) const;
    // Meetings.
    [[nodiscard]] HttpResponse meeting_form(View& view) const;
    [[nodiscard]] HttpResponse meeting(View& view, const FormData& form) const;
    // Rows of an activity plan.
    [[nodiscard]] HttpResponse activity_form(View& view) const;
    [[nodiscard]] HttpResponse activity(View& view, const FormData& form) const;
    // Contacts.
    [[nodiscard]] HttpResponse contacts(View& view) const;
    [[nodiscard]] HttpResponse contact_form(View& view) const;
    [[nodiscard]] HttpResponse contact(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse import_form(View& view) const;
    [[nodiscard]] HttpResponse take_in(View& view, const FormData& form) const;
    // Conflicts.
    [[nodiscard]] HttpResponse conflicts(View& view) const;
    [[nodiscard]] HttpResponse settle(View& view, const FormData& form) const;

    /// Shows what an order brings; with `vist` in the form, does it.
    [[nodiscard]] HttpResponse carry_out(View& view, const FormData& form,
                                         const Order& order) const;
    /// Of a form whose date is gone.
    [[nodiscard]] static Order gone(const workflows::Cohort& cohort,
                                    const workflows::Meeting& meeting);
    [[nodiscard]] HttpResponse refuse(View& view, const Order& order, const workflows::Error& error,
                                      FormState state) const;
    [[nodiscard]] HttpResponse show(View& view, const FormData& form, const Order& order,
                                    const Proposal& proposal, const std::string& seen) const;
    [[nodiscard]] HttpResponse page(const View& view, workflows::Text title, const Html& body,
                                    int status = 200) const;
    [[nodiscard]] HttpResponse show_copy(View& view, const workflows::Cohort& cohort,
                                         const CohortCopy& suggested, const FormState& state,
                                         int status) const;
    [[nodiscard]] HttpResponse show_move(View& view, const workflows::Cohort& cohort,
                                         const workflows::Requirement& requirement,
                                         const FormState& state, int status) const;
    struct DateForm;
    [[nodiscard]] HttpResponse show_meeting(View& view, const DateForm& about,
                                            const FormState& state, int status) const;
    /// `known`: the row; null: a new one.
    [[nodiscard]] HttpResponse show_activity(View& view, const workflows::Cohort& cohort,
                                             const workflows::Activity* known,
                                             const FormState& state, int status) const;
    [[nodiscard]] HttpResponse show_contact(View& view,
                                            const std::optional<integrations::LayerKey>& key,
                                            std::size_t row, const FormState& state,
                                            int status) const;
    [[nodiscard]] HttpResponse show_import(View& view, const FormState& state, int status) const;
    [[nodiscard]] bool may_plan(const View& view, const workflows::Cohort& cohort) const;
    /// The contacts of some organisation.
    [[nodiscard]] bool may_plan_contacts(const View& view) const;
    /// The hidden fields of a form: its token, and what the reader had before them.
    [[nodiscard]] Html form_head(const View& view, const Edit& about,
                                 const FormState& state = {}) const;

    /// Does what a confirmed form asks for, once: a second click is answered as the first.
    [[nodiscard]] HttpResponse confirmed(View& view, const FormData& form, Handle handle) const;

    const VisitorEngines& engines_;
    const Pages& pages_;
    ProgrammeDesk& desk_;

    /// The change that was taken into use last.
    struct Taken {
        std::string asked;          ///< The form and who sent it.
        std::string configuration;  ///< Hash of what has been in use since.
        std::string leads_to;
    };
    mutable std::mutex taking_up_;
    mutable Taken taken_;  ///< Guarded by `taking_up_`.
};

/// "pulje-5/plan/gjovik" as its parts; of a meeting, the debtor is who holds it.
struct CaseName {
    std::string cohort;
    std::string requirement;
    std::string debtor;
};
[[nodiscard]] CaseName parse_case_name(const std::string& id,
                                       const workflows::Definitions& definitions);

/// "/ordninger/pulje/pulje-5"
[[nodiscard]] std::string cohort_path(const std::string& cohort);
[[nodiscard]] ActionField form_field(std::string name, workflows::Text label, workflows::Text hint,
                                     ActionField::Kind kind, std::string value,
                                     bool required = true);
/// What was wrong, with links to the inputs, under the form's own prefix "f".
[[nodiscard]] FormState state_of_form(const FormData& form);
/// A button that sends a small form by itself.
[[nodiscard]] Html small_form(const Html& head, const std::string& path,
                              const std::vector<std::pair<std::string, std::string>>& fields,
                              std::string_view word, std::string_view label);
/// "Endringen er tatt i bruk."; empty when nothing was done.
[[nodiscard]] Html done_flash(const View& view);

}  // namespace fristvakt::daemon
