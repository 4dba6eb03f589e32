#pragma once

#include <functional>
#include <map>
#include <string>

#include "daemon/access/visible.hpp"
#include "daemon/http/router.hpp"
#include "daemon/web/actions/form.hpp"
#include "daemon/web/pages.hpp"
#include "daemon/web/view.hpp"
#include "integrations/texts/notice_renderer.hpp"

/// What people do on the pages. Each is a POST that changes something and then sends the browser to
/// a page with 303; nothing that is read changes anything. Complete without any script.
namespace fristvakt::daemon {

class Actions {
 public:
    /// Both must outlive the actions.
    Actions(const VisitorEngines& engines, const Pages& pages) : engines_(engines), pages_(pages) {}

    /// To be added before the pages' own: theirs take every path below /sak/.
    void add_routes(Router& router);

 private:
    using Handle = HttpResponse (Actions::*)(View&, const FormData&) const;

    // One case.
    [[nodiscard]] HttpResponse case_form(View& view) const;
    [[nodiscard]] HttpResponse do_in_case(View& view, const FormData& form) const;
    /// An answer to an invitation that came by telephone, and who came to a meeting.
    [[nodiscard]] HttpResponse take_answer(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse take_attendance(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse raise_in_meeting(View& view, const std::string& event,
                                                std::map<std::string, std::string> fields) const;
    [[nodiscard]] HttpResponse show_case_form(View& view, const workflows::Case& item,
                                              const Action& action, const FormState& state,
                                              int status) const;
    [[nodiscard]] HttpResponse refuse_in_case(View& view, const workflows::Case& item,
                                              const Action& action, const FormData& form,
                                              const workflows::Error& error) const;
    [[nodiscard]] HttpResponse conflict(View& view, const workflows::Case& item,
                                        const Action& action, const FormData& form,
                                        int expected) const;
    // Several.
    struct BulkOrder;
    [[nodiscard]] HttpResponse foresee(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse execute(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse batch_page(View& view) const;
    [[nodiscard]] HttpResponse undo_batch(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse show_preview(View& view, const BulkOrder& order,
                                            const FormState& state, int status) const;
    // Messages.
    [[nodiscard]] HttpResponse do_in_outbox(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse do_to_message(View& view, const FormData& form) const;
    [[nodiscard]] HttpResponse message_form(View& view) const;

    [[nodiscard]] HttpResponse unavailable(View& view) const;

    const VisitorEngines& engines_;
    const Pages& pages_;
    integrations::NoticeRenderer renderer_;
};

/// "Registrert. [Angre]": what was just done, with the way back. Empty when nothing was.
[[nodiscard]] Html case_flash(const View& view, const workflows::Case& item);
/// The forms of what can be done to the case now.
[[nodiscard]] Html case_actions(const View& view, const workflows::Case& item,
                                const std::vector<workflows::Reminder>& reminders);
/// Stop, postpone, release or try again: what the message's state allows.
[[nodiscard]] Html message_actions(const View& view, const workflows::StoredMessage& stored);
/// The same in a row of a list, as links and buttons; a reminder can be sent now as well.
[[nodiscard]] Html message_row_actions(const View& view, const workflows::StoredMessage& stored);
/// A button that leads to what "send now" would bring in these cases, and from there back here.
[[nodiscard]] Html send_now_button(const View& view, const std::vector<workflows::Case>& cases);
/// Puts all sending on hold, or lets it go on.
[[nodiscard]] Html outbox_actions(const View& view);
/// What was just done in the outbox.
[[nodiscard]] Html outbox_flash(const View& view);

/// Keeps the name that was given for the next form, where nobody signs in.
void remember_who(HttpResponse& response, const View& view, const std::string& who);

/// A page elsewhere, to be fetched with GET.
[[nodiscard]] HttpResponse see_other(const std::string& path);

}  // namespace fristvakt::daemon
