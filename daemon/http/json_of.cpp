#include "daemon/http/json_of.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "daemon/web/explanation_text.hpp"
#include "daemon/web/status.hpp"
#include "daemon/web/words.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Deadline;
using workflows::Explanation;
using workflows::HistoryEntry;
using workflows::Instant;
using workflows::Language;
using workflows::Message;
using workflows::Person;
using workflows::Recipient;
using workflows::Reminder;
using workflows::StoredMessage;
using workflows::Text;

namespace {

Json time(Instant at, const JsonContext& context) {
    return iso_instant(at, context.zone());
}

Json time(const std::optional<Instant>& at, const JsonContext& context) {
    return at ? time(*at, context) : Json(nullptr);
}

Json both(const Text& text) {
    return {{"nb", text.nb}, {"nn", text.nn}};
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json organisation(const std::string& id, const JsonContext& context) {
    return {{"id", id}, {"name", organisation_name(id, context.definitions)}};
}

Json fields(const std::map<std::string, std::string>& values) {
    Json out = Json::object();
    for (const auto& [name, value] : values) {
        out[name] = value;
    }
    return out;
}

Json person(const Person& one) {
    return {{"address", text_or_null(one.address)}, {"name", text_or_null(one.name)}};
}

Json recipients(const std::vector<Recipient>& all) {
    Json out = Json::array();
    for (const Recipient& one : all) {
        out.push_back({{"address", one.address},
                       {"name", text_or_null(one.name)},
                       {"role", one.role},
                       {"organisation", one.organisation},
                       {"language", language_tag(one.language)}});
    }
    return out;
}

std::string_view name_of(workflows::Quiet quiet) {
    using workflows::Quiet;
    switch (quiet) {
        case Quiet::No:
            return "no";
        case Quiet::Closed:
            return "closed";
        case Quiet::WaitsForCreditor:
            return "waits-for-creditor";
        case Quiet::Paused:
            return "paused";
        case Quiet::Held:
            return "held";
        case Quiet::WaitsForNobody:
            return "waits-for-nobody";
        case Quiet::LadderAtEnd:
            return "ladder-at-end";
        case Quiet::NoLadder:
            return "no-ladder";
    }
    return "";
}

/// The head of a message, one entry for each field, long ones unfolded (RFC 5322, 2.2.3).
Json headers_of(const std::string& bytes) {
    Json out = Json::array();
    std::string_view rest = std::string_view{bytes}.substr(0, bytes.find("\r\n\r\n"));
    while (!rest.empty()) {
        std::size_t end = rest.find("\r\n");
        while (end != std::string_view::npos && end + 2 < rest.size() &&
               (rest[end + 2] == ' ' || rest[end + 2] == '\t')) {
            end = rest.find("\r\n", end + 2);
        }
        std::string line{rest.substr(0, end)};
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
        for (std::size_t at = line.find("\r\n"); at != std::string::npos; at = line.find("\r\n")) {
            line.erase(at, 2);
        }
        const std::size_t colon = line.find(':');
        if (colon != std::string::npos) {
            const std::size_t value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
            out.push_back({{"name", line.substr(0, colon)}, {"value", line.substr(value)}});
        }
    }
    return out;
}

}  // namespace

Json time_or_null(const std::optional<Instant>& at, const JsonContext& context) {
    return time(at, context);
}

std::string to_bytes(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json json_of(const Deadline& deadline, const JsonContext& context) {
    return {{"date", workflows::iso_date(deadline.date)},
            {"ends_at", time(deadline.ends_at, context)},
            {"because", {{"nb", deadline.because.nb}, {"nn", deadline.because.nn}}}};
}

Json json_of(const Case& item, const JsonContext& context) {
    const CaseStatus status = status_of(item, context.definitions, context.now);
    const workflows::CaseContext known = context_of(item, context.definitions);
    Json waits_for = nullptr;
    if (known.state != nullptr && known.state->waits_for) {
        waits_for = to_string(*known.state->waits_for);
    }
    Json public_fields = fields(item.fields);
    public_fields.erase("pauses_parent");
    return {
        {"id", item.id},
        {"cohort", item.cohort},
        {"requirement", item.requirement},
        {"period", text_or_null(item.period)},
        {"title", both(case_title(item, context.definitions))},
        {"debtor", organisation(item.debtor, context)},
        {"creditor", organisation(item.creditor, context)},
        {"parent", text_or_null(item.parent)},
        {"workflow", item.workflow},
        {"workflow_version", item.workflow_version},
        {"state", item.state},
        {"state_title", both(words_of_state(item, context.definitions))},
        {"final", item.final},
        {"waits_for", waits_for},
        {"status", to_string(status.kind)},
        {"days_left", status.days_left ? Json(*status.days_left) : Json(nullptr)},
        {"due", item.due ? json_of(*item.due, context) : Json(nullptr)},
        {"state_deadline",
         item.state_deadline ? json_of(*item.state_deadline, context) : Json(nullptr)},
        {"granted_until",
         item.granted_until ? Json(workflows::iso_date(*item.granted_until)) : Json(nullptr)},
        {"opened_at", time(item.opened_at, context)},
        {"entered_at", time(item.entered_at, context)},
        {"next_at", time(item.next_at, context)},
        {"softened", item.softened},
        {"held", item.held},
        {"paused", item.paused || item.children_open_pausing > 0},
        {"paused_until", time(item.paused_until, context)},
        {"revision", item.revision},
        {"fields", std::move(public_fields)},
    };
}

Json json_of(const Reminder& reminder, const JsonContext& context) {
    return {{"step", reminder.step},
            {"version", reminder.version},
            {"notice", reminder.notice},
            {"role", reminder.role},
            {"organisation", reminder.organisation},
            {"step_at", time(reminder.step_at, context)},
            {"claimed_at", time(reminder.claimed_at, context)},
            {"softened", reminder.softened},
            {"account", to_string(reminder.account)},
            {"reason", text_or_null(std::string{to_string(reminder.reason)})},
            {"message", reminder.message > 0 ? Json(reminder.message) : Json(nullptr)}};
}

Json json_of(const workflows::StoredInvitation& stored, const JsonContext& context) {
    static constexpr std::array<std::string_view, 3> kAttendance{"unknown", "came", "absent"};
    const workflows::Invitation& invitation = stored.invitation;
    return {{"person", invitation.person},
            {"name", stored.person.name},
            {"address", stored.person.address},
            {"organisation", invitation.organisation},
            {"role", invitation.role},
            {"told", invitation.told},
            {"sequence", invitation.sequence},
            {"response", to_string(workflows::counting_response(invitation))},
            {"response_by", text_or_null(invitation.response_by)},
            {"responded_at", time_or_null(invitation.responded_at, context)},
            {"attendance", kAttendance.at(static_cast<std::size_t>(invitation.attendance))},
            {"message", invitation.message > 0 ? Json(invitation.message) : Json(nullptr)}};
}

Json json_of(const HistoryEntry& entry, const JsonContext& context) {
    const workflows::LogEntry& log = entry.entry;
    return {{"sequence", entry.sequence},
            {"at", time(log.at, context)},
            {"kind", log.kind},
            {"event", text_or_null(log.event)},
            {"from", text_or_null(log.from)},
            {"to", text_or_null(log.to)},
            {"by", text_or_null(log.actor)},
            {"data", fields(log.data)},
            {"aside", fields(log.aside)},
            {"hash", text_or_null(entry.hash)}};
}

Json json_of(const Explanation& explanation, const Case& item, const std::string& on_hold,
             const JsonContext& context) {
    Json steps = Json::array();
    for (const workflows::StepOutlook& step : explanation.steps) {
        Json planned = Json::array();
        for (const Reminder& reminder : step.planned) {
            planned.push_back(json_of(reminder, context));
        }
        steps.push_back({{"step", step.step},
                         {"notice", step.notice},
                         {"at", time(step.at, context)},
                         {"past", step.past},
                         {"next", step.next},
                         {"to", recipients(step.to)},
                         {"copy", recipients(step.copy)},
                         {"planned", std::move(planned)},
                         {"not_because",
                          step.not_because ? Json(to_string(*step.not_because)) : Json(nullptr)}});
    }
    const auto sentences = [&](Language language) {
        return explain_in_words(explanation, item, context.definitions, on_hold, language);
    };
    return {{"quiet", name_of(explanation.quiet)},
            {"next_step", explanation.next_step ? Json(*explanation.next_step) : Json(nullptr)},
            {"next_at", time(explanation.next_at, context)},
            {"state_ends_at", time(explanation.state_ends_at, context)},
            {"then_state", text_or_null(explanation.then_state)},
            {"steps", std::move(steps)},
            {"text", {{"nb", sentences(Language::Nb)}, {"nn", sentences(Language::Nn)}}}};
}

Json json_of(const StoredMessage& stored, const JsonContext& context, bool whole) {
    const Message& message = stored.message;
    Json reminders = Json::array();
    for (const Reminder& reminder : stored.reminders) {
        reminders.push_back({{"case", reminder.case_id},
                             {"step", reminder.step},
                             {"notice", reminder.notice},
                             {"account", to_string(reminder.account)}});
    }
    Json told = Json::array();
    for (const Message::Told& one : message.told) {
        told.push_back({{"case", one.case_id}, {"notice", one.notice}});
    }
    Json copies = Json::array();
    for (const Person& copy : stored.copies) {
        copies.push_back(person(copy));
    }
    Json out{
        {"number", message.number},
        {"kind", to_string(message.kind)},
        {"channel", message.channel},
        {"to", person(stored.to)},
        {"copy", std::move(copies)},
        {"organisation", message.organisation},
        {"language", language_tag(message.language)},
        {"subject", stored.rendered ? text_or_null(stored.rendered->subject) : Json(nullptr)},
        {"state", to_string(message.state)},
        {"reason", text_or_null(std::string{to_string(message.reason)})},
        {"reply", text_or_null(message.reply)},
        {"attempts", message.attempts},
        {"slot_at", time(message.slot_at, context)},
        {"made_at", time(message.made_at, context)},
        {"next_at", time(message.next_at, context)},
        {"settled_at", time(message.settled_at, context)},
        {"reminders", std::move(reminders)},
        {"told", std::move(told)},
    };
    if (whole) {
        out["text"] = stored.rendered ? text_or_null(stored.rendered->text) : Json(nullptr);
        out["html"] = stored.rendered ? text_or_null(stored.rendered->html) : Json(nullptr);
        out["headers"] = headers_of(stored.bytes);
        out["sha256"] = text_or_null(message.bytes_sha256);
    }
    return out;
}

Json json_of(const Forecast::Message& message, const workflows::Renderer& renderer,
             const JsonContext& context) {
    Json copies = Json::array();
    for (const Person& copy : message.snapshot.copies) {
        copies.push_back(person(copy));
    }
    Json items = Json::array();
    for (const workflows::MessageSnapshot::Item& item : message.snapshot.items) {
        items.push_back(
            {{"case", item.case_id}, {"step", text_or_null(item.step)}, {"notice", item.notice}});
    }
    const auto written = renderer.render(message.snapshot, context.definitions);
    return {{"kind", to_string(message.message.kind)},
            {"at", time(message.message.slot_at, context)},
            {"to", person(message.snapshot.to)},
            {"copy", std::move(copies)},
            {"organisation", message.message.organisation},
            {"language", language_tag(message.message.language)},
            {"items", std::move(items)},
            {"blocked", text_or_null(std::string{to_string(message.blocked)})},
            {"subject", written.ok() ? Json(written.value().subject) : Json(nullptr)},
            {"text", written.ok() ? Json(written.value().text) : Json(nullptr)}};
}

Json json_of(const workflows::Books& books) {
    return {{"planned", books.planned},
            {"sent", books.sent},
            {"held", books.held},
            {"suppressed", books.suppressed},
            {"superseded", books.superseded},
            {"failed", books.failed},
            {"waiting", books.waiting},
            {"balance", books.balance()}};
}

}  // namespace fristvakt::daemon
