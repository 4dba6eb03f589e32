#include "workflows/definition/notice_variables.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fristvakt::workflows {

namespace {

constexpr std::array kVariables{
    // The message.
    NoticeVariable{"recipient_name", "the name of whom it is written to; none for a post box"},
    NoticeVariable{"organisation", "the recipient's organisation"},
    NoticeVariable{"role", "what the recipient is there, in words: ressursperson, skoleeier"},
    NoticeVariable{"signed_up",
                   "set when the recipient signed up to the meeting, and holds no role"},
    NoticeVariable{"to_postmottak", "set when it goes to a post box because nobody holds the role"},
    NoticeVariable{"sender", "the installation's name in the recipient's language"},
    NoticeVariable{"reply_to", "the address that an answer goes to"},
    NoticeVariable{"copies", "the names of those who get a copy; none when nobody does"},
    NoticeVariable{"count", "how many cases the message is about"},
    NoticeVariable{"several", "set when the message is about more than one case"},
    NoticeVariable{"receiver_only", "set when every case is one that the receiver is to act on"},
    NoticeVariable{"first_due_short", "the earliest deadline in the message: 25. januar"},
    NoticeVariable{"reference", "the number by which the message is found again"},
    NoticeVariable{"cases", "a list: one round for each case, most urgent first"},
    // One case; `case_id` is the first of them.
    NoticeVariable{"case_id", "the case's name, such as pulje-5/plan/gjovik"},
    NoticeVariable{"case_page", "the address of the case's page; none for others than our own",
                   true},
    NoticeVariable{"requirement", "the title of what is owed"},
    NoticeVariable{"cohort", "the title of the programme or cohort"},
    NoticeVariable{"debtor", "the name of the organisation that owes it"},
    NoticeVariable{"state", "the title of the state that the case is in"},
    NoticeVariable{"returned", "set when something came, and was sent back since more is wanted"},
    NoticeVariable{"softened", "set when it may have been sent, but nobody has confirmed it"},
    NoticeVariable{"to_call", "set when the receiver is to ring the debtor (call-them)"},
    NoticeVariable{"to_register", "set when the receiver is to answer (nudge-creditor)"},
    NoticeVariable{"to_attend", "set for a case that is a meeting to which they are called"},
    NoticeVariable{"to_suggest", "set when they are asked for suggestions (ask-suggestions)"},
    NoticeVariable{"to_arrange",
                   "set when the receiver holds a meeting and something is to be done"},
    // The meeting that it is about.
    NoticeVariable{"meeting_day", "the day of a meeting, short: 23. mars"},
    NoticeVariable{"meeting_time", "when it is: tirsdag 23. mars 2021 kl. 09.00–12.00"},
    NoticeVariable{"meeting_place", "where it is held"},
    NoticeVariable{"prework", "what they bring to it, and by when"},
    NoticeVariable{"for_meeting", "of what is brought to a meeting: which one, and when it is"},
    NoticeVariable{"called_again",
                   "set in an invitation to who was called before, and then was not any more"},
    NoticeVariable{"join_url", "the address at which it is held online, where that is known", true},
    // Its deadline.
    NoticeVariable{"due_long", "the deadline: mandag 25. januar 2021, with its time if it has one"},
    NoticeVariable{"due_day", "the deadline without the year: mandag 25. januar"},
    NoticeVariable{"due_short", "the deadline without weekday and year: 25. januar"},
    NoticeVariable{"days_left_phrase", "om 14 dager, i morgen, i dag; none after the deadline"},
    NoticeVariable{"days_left", "14 dager; none on the day and after it"},
    NoticeVariable{"due_today", "set on the last day"},
    NoticeVariable{"days_over_phrase", "for 3 dager siden, i går; none before the deadline"},
    NoticeVariable{"days_over", "3 dager; none before the deadline"},
    NoticeVariable{"derivation", "how the deadline came about, in one line"},
    NoticeVariable{"answer_by_long", "by when the receiver is to answer: fredag 29. januar 2021"},
    NoticeVariable{"answer_by", "the same without the year: fredag 29. januar"},
    // Where to send it and whom to ask.
    NoticeVariable{"deliver_to", "the address to send it to"},
    NoticeVariable{"deliver_copy", "the addresses that get a copy of what is sent"},
    NoticeVariable{"case_number", "the archive's case number"},
    NoticeVariable{"instructions", "what the requirement says about how to do it"},
    NoticeVariable{"contact", "whom to ask: name, telephone, address; else the reply address"},
    NoticeVariable{"responsible_name", "whom to ask at the receiver"},
    NoticeVariable{"responsible_phone", "their telephone number"},
    NoticeVariable{"responsible_email", "their address"},
    NoticeVariable{"debtor_contact", "whom to ring at the debtor: name, telephone, address"},
    NoticeVariable{"debtor_contact_name", "the name alone"},
    NoticeVariable{"debtor_contact_phone", "the telephone number alone"},
    NoticeVariable{"debtor_contact_email", "the address alone"},
    // The same, only in a message whose cases differ in it.
    NoticeVariable{"own_derivation", "derivation, unless all cases of the message share it"},
    NoticeVariable{"own_deliver_to", "deliver_to, unless all cases of the message share it"},
    NoticeVariable{"own_instructions", "instructions, unless all cases of the message share them"},
    NoticeVariable{"own_contact", "contact, unless all cases of the message share it"},
    // What happened, in answers and changes.
    NoticeVariable{"told_claim_noted", "set for a case told of by claim-noted"},
    NoticeVariable{"told_receipt", "set for a case told of by receipt"},
    NoticeVariable{"told_not_found", "set for a case told of by not-found"},
    NoticeVariable{"told_new_deadline", "set for a case told of by new-deadline"},
    NoticeVariable{"told_incomplete", "set for a case told of by incomplete"},
    NoticeVariable{"told_extension_declined", "set for a case told of by extension-declined"},
    NoticeVariable{"told_other", "set for a case told of by any other notice"},
    NoticeVariable{"nothing_to_report", "set when they said that they have nothing to report"},
    NoticeVariable{"event_time", "when it happened: fredag 22. januar kl. 09.42"},
    NoticeVariable{"event_day", "the day on which it happened: fredag 22. januar"},
    NoticeVariable{"meeting_was", "of a meeting that was moved: when it was to be"},
    NoticeVariable{"meeting_was_place", "and where it was to be"},
    NoticeVariable{"only_place", "set when a meeting was moved to another place, at the same time"},
    NoticeVariable{"meeting_postponed", "set when a meeting has lost its date and none is set yet"},
    NoticeVariable{"prework_lapsed",
                   "set when they were asked to bring something to a meeting that is cancelled"},
    NoticeVariable{"declined", "set when they had answered that they do not come"},
    NoticeVariable{"agenda", "what the meeting is about", true},
    NoticeVariable{"lecturer", "who lectures at it, as the activity plan says"},
    NoticeVariable{"minutes", "the minutes of a meeting, or where they are", true},
    NoticeVariable{"answer_link", "where the person answers the invitation", true},
    NoticeVariable{"until_long", "the date asked for or given: fredag 12. februar 2021"},
    NoticeVariable{"until_short", "the same without weekday and year: 12. februar"},
    NoticeVariable{"missing", "what is missing, in the case officer's words"},
    NoticeVariable{"reason", "the reason given"},
    NoticeVariable{"document_number", "the document's number in the archive"},
};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view without_sigil(std::string_view inside) {
    inside = trimmed(inside);
    if (!inside.empty() && (inside[0] == '#' || inside[0] == '^' || inside[0] == '/')) {
        inside = trimmed(inside.substr(1));
    }
    return inside;
}

}  // namespace

std::span<const NoticeVariable> notice_variables() {
    return kVariables;
}

std::vector<Placeholder> placeholders_in(std::string_view text) {
    std::vector<Placeholder> found;
    int line = 1;
    std::size_t line_start = 0;
    std::size_t position = 0;
    while (position < text.size()) {
        if (text[position] == '\n') {
            ++line;
            line_start = ++position;
            continue;
        }
        if (text.substr(position, 2) != "{{") {
            ++position;
            continue;
        }
        const int column = static_cast<int>(position - line_start) + 1;
        const std::size_t inside = position + 2;
        const std::size_t line_end = std::min(text.find('\n', inside), text.size());
        const std::size_t close = text.find("}}", inside);
        if (close == std::string_view::npos || close > line_end) {
            const auto rest = text.substr(inside, line_end - inside);
            found.push_back({"{{" + std::string(trimmed(rest)), line, column});
            position = line_end;
            continue;
        }
        const auto name = without_sigil(text.substr(inside, close - inside));
        found.push_back({std::string(name), line, column});
        position = close + 2;
    }
    return found;
}

}  // namespace fristvakt::workflows
