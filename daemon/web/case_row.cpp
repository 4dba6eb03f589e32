#include "daemon/web/case_row.hpp"

#include <algorithm>

#include "daemon/http/url.hpp"
#include "daemon/web/words.hpp"
#include "workflows/model/steps_sent.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Date;
using workflows::Definitions;
using workflows::Recipient;
using workflows::RefusedAddresses;
using workflows::Result;

ContactSummary contact_of(const Case& item, const Definitions& definitions, Date today,
                          const RefusedAddresses& refused) {
    const workflows::CaseContext context = context_of(item, definitions);
    const workflows::Ladder* const ladder =
        context.requirement == nullptr ? nullptr
                                       : definitions.find_ladder(context.requirement->ladder);
    ContactSummary out;
    if (ladder == nullptr || ladder->steps.empty()) {
        out.state = ContactState::Known;
        return out;
    }
    for (const workflows::RoleReference& role : ladder->steps.front().to) {
        for (const Recipient& holder : holders(role, item, context, definitions, today, {})) {
            const bool is_refused = refused.contains(holder.address);
            if (out.state == ContactState::Known || (is_refused && !out.name.empty())) {
                continue;
            }
            out.state = is_refused ? ContactState::Refused : ContactState::Known;
            out.name = holder.name.empty() ? holder.address : holder.name;
            out.phone = holder.phone;
        }
    }
    return out;
}

std::vector<Recipient> responsible_for(const Case& item, const Definitions& definitions,
                                       Date today) {
    return holders({.party = workflows::Party::Creditor, .role = "saksbehandler"}, item,
                   context_of(item, definitions), definitions, today, {});
}

std::string responsible_names(const Case& item, const Definitions& definitions, Date today) {
    std::string out;
    for (const Recipient& one : responsible_for(item, definitions, today)) {
        out += (out.empty() ? "" : ", ") + (one.name.empty() ? one.address : one.name);
    }
    return out;
}

Result<Reminding> reminding_of(View& view, const Case& item, const RefusedAddresses& refused) {
    auto reminders = view.snapshot->reminders_of(item.id);
    if (!reminders.ok()) {
        return reminders.error();
    }
    Reminding out;
    for (const workflows::Reminder& one : reminders.value()) {
        // What goes to our own people is no reminder of the debtor.
        if (one.account == workflows::Account::Sent && one.organisation == item.debtor) {
            out.last_sent_at = std::max(out.last_sent_at.value_or(one.step_at), one.step_at);
        }
    }
    out.sent = workflows::steps_sent_to(item.debtor, reminders.value());
    out.explanation = explain(item, reminders.value(), *view.definitions, view.now(), refused);
    if (const auto* const ladder = context_of(item, *view.definitions).ladder) {
        out.steps =
            static_cast<int>(std::ranges::count_if(ladder->steps, workflows::reaches_debtor));
    }
    return out;
}

Html case_link(const View& view, const Case& item) {
    return html("<a class=\"ds-link\" href=\"/sak/{}\">{}</a>", encode_path(item.id),
                view.in(case_title(item, *view.definitions)));
}

Html organisation_link(const View& view, std::string_view id) {
    const workflows::Organisation* const known = view.definitions->find_organisation(id);
    if (known == nullptr) {
        return html("{}", id);
    }
    Html out;
    out.add("<a class=\"ds-link\" href=\"/organisasjon/{}\">{}</a>", percent_encode(id),
            known->name);
    if (known->language == workflows::Language::Nn) {
        out.add(" <span class=\"fv-badge\"><abbr title=\"nynorsk\">nn</abbr></span>");
    }
    return out;
}

std::string meeting_path(const std::string& cohort, const std::string& meeting) {
    return "/ordninger/pulje/" + percent_encode(cohort) + "/mote/" + percent_encode(meeting);
}

std::string plan_path(const std::string& cohort) {
    return "/ordninger/pulje/" + percent_encode(cohort) + "/plan";
}

std::string activity_path(const std::string& cohort, const std::string& activity) {
    return plan_path(cohort) + "/rad/" + percent_encode(activity);
}

std::string change_path(const std::string& cohort, const workflows::Requirement& meeting) {
    return meeting.activity.empty() ? meeting_path(cohort, meeting.meeting)
                                    : activity_path(cohort, meeting.activity);
}

Html requirement_link(const View& view, const Case& item) {
    return html("<a class=\"ds-link\" href=\"/krav/{}/{}\">{}</a>", percent_encode(item.cohort),
                percent_encode(item.requirement), view.in(case_title(item, *view.definitions)));
}

Html status_tag(const View& view, const Case& item, const CaseStatus& status) {
    return html(
        "{}<small>{}</small>",
        tag(status.sign, view.in(status.word), status.color, "/sak/" + encode_path(item.id)),
        view.in(status.detail));
}

std::string without_blanks(std::string text) {
    std::erase(text, ' ');
    return text;
}

Html contact_text(const View& view, const ContactSummary& contact) {
    switch (contact.state) {
        case ContactState::Known:
            return contact.phone.empty()
                       ? html("{}", contact.name)
                       : html("{}<small><a class=\"ds-link\" href=\"tel:{}\">{}</a></small>",
                              contact.name, without_blanks(contact.phone), contact.phone);
        case ContactState::Missing:
            return html("{}<small>{}</small>", tag("!", view.pick("Mangler", "Manglar"), "warning"),
                        view.pick("går til postmottak", "går til postmottak"));
        case ContactState::Refused:
            return html("{}<small>{}</small>", tag("!", view.pick("Avvist", "Avvist"), "danger"),
                        contact.name);
    }
    return {};
}

std::string days_left_text(const View& view, int left) {
    const std::string_view days = left == 1 || left == -1 ? "dag" : view.pick("dager", "dagar");
    if (left == 0) {
        return "i dag";
    }
    return std::to_string(left < 0 ? -left : left) + " " + std::string{days} +
           (left < 0 ? " over" : " igjen");
}

}  // namespace fristvakt::daemon
