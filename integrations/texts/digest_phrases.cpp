#include "integrations/texts/digest_phrases.hpp"

#include "integrations/texts/message_values.hpp"

namespace fristvakt::integrations::texts {

using workflows::Language;
using workflows::WeeklyDigest;

namespace {

std::string pick(const char* nb, const char* nn, Language language) {
    return language == Language::Nb ? nb : nn;
}

std::string reminded(int times, Language language) {
    if (times == 0) {
        return pick("ikke påminnet", "ikkje påmint", language);
    }
    if (times == 1) {
        return pick("påminnet 1 gang", "påmint 1 gong", language);
    }
    return pick("påminnet ", "påmint ", language) + std::to_string(times) +
           pick(" ganger", " gonger", language);
}

}  // namespace

Phrase waiting_phrase(const WeeklyDigest::Line& line, Language language) {
    std::string text = ": " + in_language(line.requirement_title, language) + " – " +
                       in_language(line.state_title, language);
    if (line.answer_by) {
        text += pick(", svar innen ", ", svar innan ", language) +
                workflows::day_and_month(*line.answer_by, language);
    }
    return {line.debtor_name, std::move(text)};
}

Phrase overdue_phrase(const WeeklyDigest::Line& line, Language language) {
    std::string text = ": " + in_language(line.requirement_title, language) + " – ";
    text += line.days_over == 0 ? pick("fristen gikk ut i dag", "fristen gjekk ut i dag", language)
                                : day_count(line.days_over, language) + " over";
    text += ", " + reminded(line.reminders_sent, language);
    if (line.is_refused) {
        text += ", e-post avvist";
    }
    return {line.debtor_name, std::move(text)};
}

Phrase due_phrase(const WeeklyDigest::Due& due, Language language) {
    std::string missing;
    for (const std::string& name : due.missing) {
        missing += (missing.empty() ? "" : ", ") + name;
    }
    return {workflows::day_and_month(due.day, language),
            ": " + in_language(due.requirement_title, language) +
                pick(". Mangler fra: ", ". Manglar frå: ", language) + missing};
}

Phrase sending_phrase(const WeeklyDigest::Sending& sending, Language language) {
    const std::string what = sending.reminders == 1
                                 ? pick(" påminnelse", " påminning", language)
                                 : pick(" påminnelser", " påminningar", language);
    return {workflows::day_and_month(sending.day, language),
            ": " + std::to_string(sending.reminders) + what};
}

std::string counts_phrase(const WeeklyDigest& digest, const std::string& whom, Language language) {
    std::string all;
    const auto add = [&](std::size_t count, const std::string& what) {
        if (count > 0) {
            all += (all.empty() ? "" : ", ") + count_phrase(digest, count) + " " + what;
        }
    };
    add(digest.overdue_count, pick("forfalt", "forfalne", language));
    add(digest.waiting_count, pick("venter på ", "ventar på ", language) + whom);
    add(digest.due_count, digest.due_count == 1
                              ? pick("frist denne uka", "frist denne veka", language)
                              : pick("frister denne uka", "fristar denne veka", language));
    return all;
}

std::string count_phrase(const WeeklyDigest& digest, std::size_t count) {
    return (digest.is_cut ? "minst " : "") + std::to_string(count);
}

}  // namespace fristvakt::integrations::texts
