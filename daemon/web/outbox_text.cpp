#include "daemon/web/outbox_text.hpp"

#include "daemon/http/url.hpp"
#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

using workflows::Instant;
using workflows::Message;
using workflows::MessageState;
using workflows::Person;
using workflows::StoredMessage;

Instant time_of(const Message& message) {
    return message.settled_at.value_or(message.next_at.value_or(message.slot_at));
}

std::string person_name(const View& view, const Person& person) {
    if (person.address.empty()) {
        return std::string{view.pick("(slettet)", "(sletta)")};
    }
    if (const auto channel = workflows::teams_id(person.address); !channel.empty()) {
        return "Teams: " + std::string{channel};
    }
    return person.name.empty() ? person.address : person.name + " <" + person.address + ">";
}

std::string subject_of(const View& view, const StoredMessage& stored) {
    if (stored.rendered && !stored.rendered->subject.empty()) {
        return stored.rendered->subject;
    }
    if (stored.message.kind == workflows::NoticeKind::News) {
        return std::string{view.pick("Nytt om sakene", "Nytt om sakene")};
    }
    const auto about = [&](const std::string& notice, const std::string& case_id) {
        return view.in(words_of_notice(notice)) + ": " + case_id;
    };
    if (!stored.message.told.empty()) {
        return about(stored.message.told.front().notice, stored.message.told.front().case_id);
    }
    if (!stored.reminders.empty()) {
        return about(stored.reminders.front().notice, stored.reminders.front().case_id);
    }
    if (stored.message.kind == workflows::NoticeKind::Digest) {
        return stored.message.channel == workflows::kTeamsChannel
                   ? std::string{view.pick("Oppsummering", "Samandrag")}
                   : std::string{view.pick("Ukesoppsummering", "Vekesamandrag")};
    }
    return std::string{view.pick("(ingen innhold igjen)", "(ikkje noko innhald igjen)")};
}

std::string reason_text(const View& view, const Message& message) {
    std::string out = view.in(words_of(message.reason));
    if (!message.reply.empty()) {
        out += (out.empty() ? "" : ": ") + message.reply;
    }
    return out;
}

Html state_tag(const View& view, MessageState state) {
    const MessageLook look = look_of(state);
    return tag(look.sign, view.in(look.word), look.color);
}

Html message_link(const View& view, const StoredMessage& stored) {
    return html("<a class=\"ds-link\" href=\"/utboks/{}\">{}</a>", stored.message.number,
                subject_of(view, stored));
}

Html case_links(const View& view, const StoredMessage& stored) {
    Html out;
    const bool is_news = stored.message.kind == workflows::NoticeKind::News;
    const auto add = [&](const std::string& case_id, const std::string& notice) {
        if (case_id.empty()) {
            return;
        }
        out.add("{}<a class=\"ds-link\" href=\"/sak/{}\">{}</a> ({})",
                out.empty() ? Html{} : html("<br>"), encode_path(case_id), case_id,
                view.in(is_news ? words_of_event(notice) : words_of_notice(notice)));
    };
    for (const auto& told : stored.message.told) {
        add(told.case_id, told.notice);
    }
    for (const workflows::Reminder& reminder : stored.reminders) {
        add(reminder.case_id, reminder.notice);
    }
    return out;
}

}  // namespace fristvakt::daemon
