#include "integrations/texts/message_values.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <vector>

#include "integrations/texts/invitation.hpp"
#include "workflows/assert.hpp"
#include "workflows/decision/invitations.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/time/worth_telling.hpp"

namespace fristvakt::integrations::texts {

namespace {

using workflows::Date;
using workflows::Deadline;
using workflows::Definitions;
using workflows::Instant;
using workflows::Language;
using workflows::MessageSnapshot;
using workflows::Text;
using workflows::TimeZone;
namespace cal = workflows::cal;

const std::string kSet = "1";

struct RoleName {
    std::string_view role;
    std::string_view nb;
    std::string_view nn;
};
/// Roles whose name differs from their id, or between the målformer.
constexpr std::array kRoles{
    RoleName{"", "kontaktperson", "kontaktperson"},
    RoleName{"skoleeier", "skoleeier", "skuleeigar"},
    RoleName{"barnehageeier", "barnehageeier", "barnehageeigar"},
    RoleName{"barnehagemyndighet", "barnehagemyndighet", "barnehagemyndigheit"},
    RoleName{"signed-up", "påmeldt", "påmeld"},
    RoleName{"stotteapparat", "del av støtteapparatet", "del av støtteapparatet"},
    RoleName{"saksbehandler", "saksbehandler", "saksbehandlar"},
    RoleName{"skoleleder", "skoleleder", "skuleleiar"},
    RoleName{"leder", "leder", "leiar"},
    RoleName{"styrer", "styrer", "styrar"},
    RoleName{"prosjektleder", "prosjektleder", "prosjektleiar"},
};

/// "Kari, Per og Ola"; the same word in both målformer.
std::string listed(const std::vector<std::string>& names) {
    std::string list;
    for (std::size_t index = 0; index < names.size(); ++index) {
        if (index > 0) {
            list += index + 1 == names.size() ? " og " : ", ";
        }
        list += names[index];
    }
    return list;
}

/// "Kari Nordmann, telefon 00 00 00 00, e-post kari@example.test": what is there of it.
std::string contact_line(const std::string& name, const std::string& phone,
                         const std::string& email) {
    std::string line = name;
    if (!phone.empty()) {
        line += (line.empty() ? "telefon " : ", telefon ") + phone;
    }
    if (!email.empty()) {
        line += (line.empty() ? "" : ", e-post ") + email;
    }
    return line;
}

const std::string& reply_address(const workflows::MailSettings& mail) {
    return mail.reply_to.empty() ? mail.from : mail.reply_to;
}

/// A sentence that somebody wrote with or without its full stop, with it; several lines as they
/// are.
std::string sentence(std::string text) {
    const auto last = text.find_last_not_of(" \t\r\n");
    text.erase(last == std::string::npos ? 0 : last + 1);
    const bool is_list = text.find('\n') != std::string::npos;
    if (!text.empty() && !is_list &&
        std::string_view(".!?:)").find(text.back()) == std::string_view::npos) {
        text += '.';
    }
    return text;
}

/// Notices about a meeting, to those who hold it.
bool is_about_arranging(std::string_view notice) {
    static constexpr std::array<std::string_view, 5> kNotices{
        "set-date", "send-invitation", "send-agenda", "register-attendance", "send-minutes"};
    return std::find(kNotices.begin(), kNotices.end(), notice) != kNotices.end();
}

/// Notices about a meeting, to those who are called to it.
bool is_about_attending(std::string_view notice) {
    return notice == "answer-invitation" || notice == "meeting-soon";
}

class CaseWriter {
 public:
    CaseWriter(const MessageSnapshot& snapshot, const Definitions& definitions)
        : snapshot_(snapshot),
          definitions_(definitions),
          zone_(definitions.time_zone()),
          language_(snapshot.language) {}

    [[nodiscard]] Values write(const MessageSnapshot::Item& item) const {
        Values values;
        values.set("case_id", item.case_id);
        if (snapshot_.organisation == definitions_.installation.organisation) {
            values.set("case_page", address_of(item.case_id));
        }
        values.set("requirement", in_own(item.requirement_title));
        values.set("cohort", in_own(item.cohort_title));
        values.set("debtor", item.debtor_name);
        values.set("state", in_own(item.state_title));
        values.set("softened", item.softened ? kSet : "");
        values.set("returned", item.fields.contains("returned_on") ? kSet : "");
        values.set("nothing_to_report", item.fields.contains("nothing_to_report") ? kSet : "");
        values.set("to_call", item.notice == "call-them" ? kSet : "");
        values.set("to_register", item.notice == "nudge-creditor" ? kSet : "");
        values.set("to_arrange", is_about_arranging(item.notice) ? kSet : "");
        values.set("to_suggest", item.notice == "ask-suggestions" ? kSet : "");
        values.set("to_attend", is_about_attending(item.notice) ? kSet : "");
        if (const auto meeting = workflows::meeting_time(item.fields)) {
            values.set("meeting_time", workflows::time_in_words(*meeting, language_));
            values.set("meeting_place", meeting->place);
            values.set("meeting_day",
                       workflows::short_date(cal::floor<cal::days>(meeting->start), language_));
        }
        set_invitation(item, values);
        if (item.due) {
            set_due(*item.due, values);
        }
        if (item.answer_by) {
            values.set("answer_by_long", day_and_time(*item.answer_by, true));
            values.set("answer_by", day_and_time(*item.answer_by, false));
        }
        set_places(item, values);
        set_told(item, values);
        return values;
    }

 private:
    void set_invitation(const MessageSnapshot::Item& item, Values& values) const {
        if (const auto was = workflows::former_meeting_time(item.fields)) {
            values.set("meeting_was", workflows::time_in_words(*was, language_));
            values.set("meeting_was_place", was->place);
            const auto now = workflows::meeting_time(item.fields);
            const bool same_time = now && now->start == was->start && now->end == was->end;
            values.set("only_place", same_time ? kSet : "");
        }
        for (const char* name : {"agenda", "minutes"}) {
            if (const std::string* text = field(item, name)) {
                values.set_lines(name, *text);
            }
        }
        for (const char* name : {"lecturer", "answer_link", "join_url", "prework", "for_meeting"}) {
            if (const std::string* text = field(item, name)) {
                values.set(name, *text);
            }
        }
        values.set("meeting_postponed", item.fields.contains("postponed") ? kSet : "");
        for (const char* name : {"prework_lapsed", "called_again", "declined"}) {
            values.set(name, item.fields.contains(name) ? kSet : "");
        }
    }

    /// Ids consist of what an address may hold as it is.
    [[nodiscard]] std::string address_of(const std::string& case_id) const {
        return workflows::base_url(definitions_.installation.public_url) + "/sak/" + case_id;
    }
    [[nodiscard]] const std::string& in_own(const Text& text) const {
        return in_language(text, language_);
    }

    /// "mandag 25. januar 2021", and " kl. 12.00" where the deadline ends before its day does.
    [[nodiscard]] std::string day_and_time(const Deadline& deadline, bool with_year) const {
        std::string text = with_year ? workflows::long_date(deadline.date, language_)
                                     : workflows::day_and_month(deadline.date, language_);
        if (deadline.ends_at != zone_.start_of_day(deadline.date + cal::days{1})) {
            text += " " + workflows::clock_time(zone_.to_local(deadline.ends_at));
        }
        return text;
    }

    void set_due(const Deadline& due, Values& values) const {
        values.set("due_long", day_and_time(due, true));
        values.set("due_day", workflows::day_and_month(due.date, language_));
        values.set("due_short", workflows::short_date(due.date, language_));
        std::string derivation;
        for (const std::string& line : worth_telling(due.because, language_)) {
            derivation += (derivation.empty() ? "" : "; ") + line;
        }
        values.set("derivation", derivation);
        const int days = static_cast<int>((due.date - zone_.date_of(snapshot_.at)).count());
        if (days < 0) {
            values.set("days_over_phrase", days_over_phrase(-days, language_));
            values.set("days_over", day_count(-days, language_));
        } else if (snapshot_.at >= due.ends_at) {
            values.set("days_over_phrase",
                       language_ == Language::Nb ? "tidligere i dag" : "tidlegare i dag");
        } else {
            values.set("days_left_phrase", days_left_phrase(days, language_));
            values.set("days_left", days > 0 ? day_count(days, language_) : "");
            values.set("due_today", days == 0 ? kSet : "");
        }
    }

    void set_places(const MessageSnapshot::Item& item, Values& values) const {
        values.set("deliver_to", item.deliver_to);
        values.set("deliver_copy", listed(item.deliver_copy));
        const std::string* own_case_number = field(item, "case_number");
        values.set("case_number", own_case_number == nullptr ? item.case_number : *own_case_number);
        values.set("instructions", sentence(in_own(item.instructions)));
        values.set("responsible_name", item.responsible_name);
        values.set("responsible_phone", item.responsible_phone);
        values.set("responsible_email", item.responsible_email);
        const std::string contact =
            contact_line(item.responsible_name, item.responsible_phone, item.responsible_email);
        const auto& mail = definitions_.installation.mail;
        values.set("contact", contact.empty() ? reply_address(mail) : contact);
        values.set("debtor_contact_name", item.debtor_contact_name);
        values.set("debtor_contact_phone", item.debtor_contact_phone);
        values.set("debtor_contact_email", item.debtor_contact_email);
        values.set("debtor_contact",
                   contact_line(item.debtor_contact_name, item.debtor_contact_phone,
                                item.debtor_contact_email));
    }

    void set_told(const MessageSnapshot::Item& item, Values& values) const {
        if (snapshot_.kind != workflows::NoticeKind::Reminder) {
            std::string flag = "told_" + item.notice;
            std::replace(flag.begin(), flag.end(), '-', '_');
            values.set(variable_index(flag) ? flag : "told_other", kSet);
        }
        if (item.event_at != Instant{}) {
            const auto local = zone_.to_local(item.event_at);
            const Date day = cal::floor<cal::days>(local);
            const std::string* received_on = field(item, "received_on");
            const auto came_on = received_on == nullptr ? std::nullopt : day_of(*received_on);
            values.set("event_day", workflows::day_and_month(came_on.value_or(day), language_));
            values.set("event_time", workflows::day_and_month(day, language_) + " " +
                                         workflows::clock_time(local));
        }
        if (const std::string* until = field(item, "until")) {
            const auto day = day_of(*until);
            values.set("until_long", day ? workflows::long_date(*day, language_) : *until);
            values.set("until_short", day ? workflows::short_date(*day, language_) : *until);
        }
        for (const char* name : {"missing", "reason"}) {
            if (const std::string* text = field(item, name)) {
                values.set_lines(name, sentence(*text));
            }
        }
        if (const std::string* number = field(item, "document_number")) {
            values.set("document_number", *number);
        }
    }

    [[nodiscard]] std::optional<Date> day_of(const std::string& text) const {
        if (const auto day = workflows::parse_iso_date(text)) {
            return day;
        }
        const auto instant = workflows::parse_instant(text, zone_);
        return instant.ok() ? std::optional(zone_.date_of(instant.value())) : std::nullopt;
    }

    static const std::string* field(const MessageSnapshot::Item& item, std::string_view name) {
        const auto found = item.fields.find(std::string(name));
        return found == item.fields.end() ? nullptr : &found->second;
    }

    const MessageSnapshot& snapshot_;
    const Definitions& definitions_;
    const TimeZone& zone_;
    Language language_;
};

std::vector<const MessageSnapshot::Item*> by_urgency(const MessageSnapshot& snapshot) {
    std::vector<const MessageSnapshot::Item*> items;
    items.reserve(snapshot.items.size());
    for (const auto& item : snapshot.items) {
        items.push_back(&item);
    }
    const auto key = [](const MessageSnapshot::Item& item) {
        const Instant ends_at = item.due ? item.due->ends_at : Instant::max();
        return std::tuple<Instant, std::string_view, std::string_view>(ends_at, item.debtor_name,
                                                                       item.case_id);
    };
    std::stable_sort(items.begin(), items.end(),
                     [&](const auto* left, const auto* right) { return key(*left) < key(*right); });
    return items;
}

/// Notices that ask the receiver's own people to do something.
bool asks_receiver(const MessageSnapshot::Item* item) {
    return item->notice == "call-them" || item->notice == "nudge-creditor" ||
           is_about_arranging(item->notice);
}

std::string person_name(const workflows::Person& person) {
    return person.name.empty() ? person.address : person.name;
}

}  // namespace

std::string day_count(int days, Language language) {
    if (days == 1) {
        return "1 dag";
    }
    return std::to_string(days) + (language == Language::Nb ? " dager" : " dagar");
}

const std::string& in_language(const Text& text, Language language) {
    const std::string& own = text.in(language);
    return own.empty() ? text.in(language == Language::Nb ? Language::Nn : Language::Nb) : own;
}

std::string days_left_phrase(int days, Language language) {
    if (days < 0) {
        return {};
    }
    if (days == 0) {
        return "i dag";
    }
    if (days == 1) {
        return language == Language::Nb ? "i morgen" : "i morgon";
    }
    return "om " + day_count(days, language);
}

std::string days_over_phrase(int days, Language language) {
    if (days <= 0) {
        return {};
    }
    if (days == 1) {
        return "i går";
    }
    return "for " + day_count(days, language) + (language == Language::Nb ? " siden" : " sidan");
}

std::string role_name(std::string_view role, Language language) {
    if (role.starts_with("creditor.")) {
        role.remove_prefix(std::string_view("creditor.").size());
    }
    const auto* found = std::find_if(kRoles.begin(), kRoles.end(),
                                     [&](const RoleName& name) { return name.role == role; });
    if (found == kRoles.end()) {
        return std::string(role);
    }
    return std::string(language == Language::Nb ? found->nb : found->nn);
}

Values values_for(const MessageSnapshot& snapshot, const Definitions& definitions) {
    FRISTVAKT_ASSERT(definitions.zone.has_value());
    FRISTVAKT_ASSERT(!snapshot.items.empty());
    const CaseWriter writer(snapshot, definitions);
    const auto items = by_urgency(snapshot);
    std::vector<Values> cases;
    cases.reserve(items.size());
    for (const auto* item : items) {
        cases.push_back(writer.write(*item));
    }
    Values values;
    values.set_cases(std::move(cases));
    for (const char* name : {"derivation", "deliver_to", "instructions", "contact"}) {
        values.mark_differences(name, "own_" + std::string(name));
    }

    const std::string role = role_name(snapshot.recipient_role, snapshot.language);
    const bool to_post_box = role == "postmottak";
    values.set("recipient_name", to_post_box ? "" : snapshot.to.name);
    const auto& installation = definitions.installation;
    // The installation's own organisation has a name in each målform.
    const bool is_own = snapshot.organisation == installation.organisation;
    values.set("organisation",
               is_own ? installation.name.in(snapshot.language) : snapshot.organisation_name);
    values.set("role", role);
    values.set("to_postmottak", to_post_box ? kSet : "");
    values.set("sender", sender_name(snapshot, definitions));
    values.set("signed_up", snapshot.recipient_role == workflows::kSignedUpRole ? kSet : "");
    values.set("reply_to", reply_address(installation.mail));
    std::vector<std::string> copies;
    copies.reserve(snapshot.copies.size());
    for (const auto& copy : snapshot.copies) {
        copies.push_back(person_name(copy));
    }
    values.set("copies", listed(copies));
    values.set("count", std::to_string(items.size()));
    values.set("several", items.size() > 1 ? kSet : "");
    const bool receiver_only = std::all_of(items.begin(), items.end(), asks_receiver);
    values.set("receiver_only", receiver_only ? kSet : "");
    if (items.front()->due) {
        values.set("first_due_short",
                   workflows::short_date(items.front()->due->date, snapshot.language));
    }
    values.set("reference", snapshot.number > 0 ? std::to_string(snapshot.number) : "");
    return values;
}

}  // namespace fristvakt::integrations::texts
