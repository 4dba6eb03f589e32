#include "integrations/texts/digest_document.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "integrations/texts/message_values.hpp"
#include "workflows/assert.hpp"

namespace fristvakt::integrations::texts {

namespace {

using workflows::Language;
using workflows::WeeklyDigest;

class DigestWriter {
 public:
    DigestWriter(const workflows::MessageSnapshot& snapshot,
                 const workflows::Definitions& definitions)
        : snapshot_(snapshot),
          digest_(*snapshot.digest),
          definitions_(definitions),
          language_(snapshot.language) {}

    WrittenDigest write() {
        WrittenDigest out;
        out.envelope.subject = subject();
        out.envelope.language = language_;
        out.envelope.preheader =
            digest_.is_calm()
                ? pick("Ingenting krever handling.", "Ingenting krev handling.")
                : pick("Det som avviker, det verste først.", "Det som avvik, det verste først.");
        if (!snapshot_.to.name.empty()) {
            paragraph("Hei, " + snapshot_.to.name);
        }
        if (digest_.is_calm()) {
            paragraph(
                pick("Alt er i rute: Ingenting venter på deg, ingen er over fristen, og "
                     "ingen frister går ut denne uka.",
                     "Alt er i rute: Ingenting ventar på deg, ingen er over fristen, og "
                     "ingen fristar går ut denne veka."));
        } else {
            add_waiting();
            add_overdue();
            add_due();
            add_sendings();
            paragraph(pick("Alt annet er i rute.", "Alt anna er i rute."));
        }
        paragraph(pick("Åpne «I dag»: ", "Opne «I dag»: ") + definitions_.installation.public_url +
                  "/");
        paragraph(
            pick("Du får denne e-posten én gang i uka fordi du er saksbehandler. Sendt "
                 "automatisk.",
                 "Du får denne e-posten éin gong i veka fordi du er saksbehandlar. Sendt "
                 "automatisk."));
        out.document = std::move(document_);
        return out;
    }

 private:
    [[nodiscard]] std::string pick(const char* nb, const char* nn) const {
        return language_ == Language::Nb ? nb : nn;
    }
    [[nodiscard]] const std::string& in_language(const workflows::Text& text) const {
        const std::string& own = text.in(language_);
        return own.empty() ? text.in(language_ == Language::Nb ? Language::Nn : Language::Nb) : own;
    }
    /// "3", and "minst 3" where there was more than was looked at.
    [[nodiscard]] std::string number(std::size_t count) const {
        return (digest_.is_cut ? "minst " : "") + std::to_string(count);
    }

    /// "Uke 42: 3 forfalt, 2 venter på deg, 5 frister denne uka".
    [[nodiscard]] std::string subject() const {
        std::string all;
        const auto add = [&](std::size_t count, const std::string& what) {
            if (count > 0) {
                all += (all.empty() ? "" : ", ") + number(count) + " " + what;
            }
        };
        add(digest_.overdue_count, pick("forfalt", "forfalne"));
        add(digest_.waiting_count, pick("venter på deg", "ventar på deg"));
        add(digest_.due_count, digest_.due_count == 1
                                   ? pick("frist denne uka", "frist denne veka")
                                   : pick("frister denne uka", "fristar denne veka"));
        const std::string week = pick("Uke ", "Veke ") + std::to_string(digest_.week) + ": ";
        if (!all.empty()) {
            return week + all;
        }
        return week + (digest_.is_calm() ? pick("Alt i rute", "Alt i rute")
                                         : pick("påminnelser går ut", "påminningar går ut"));
    }

    void paragraph(std::string text) {
        document_.push_back({.kind = Block::Kind::Paragraph, .runs = {{.text = std::move(text)}}});
    }
    void heading(std::string text) {
        document_.push_back(
            {.kind = Block::Kind::Heading, .number = 2, .runs = {{.text = std::move(text)}}});
    }
    /// Each line begins with what it is about, in bold.
    void list(const std::vector<std::pair<std::string, std::string>>& lines) {
        Block list{.kind = Block::Kind::BulletList};
        for (const auto& [strong, rest] : lines) {
            Block text{.kind = Block::Kind::Paragraph,
                       .runs = {{.text = strong, .strong = true}, {.text = rest}}};
            list.children.push_back({.kind = Block::Kind::Item, .children = {std::move(text)}});
        }
        document_.push_back(std::move(list));
    }
    void rest(std::size_t count, std::size_t shown) {
        if (count > shown) {
            paragraph("… og " + number(count - shown) + pick(" til.", " til."));
        }
    }

    void add_waiting() {
        if (digest_.waiting.empty()) {
            return;
        }
        heading(pick("Venter på deg (", "Ventar på deg (") + number(digest_.waiting_count) + ")");
        std::vector<std::pair<std::string, std::string>> lines;
        for (const WeeklyDigest::Line& line : digest_.waiting) {
            std::string text =
                ": " + in_language(line.requirement_title) + " – " + in_language(line.state_title);
            if (line.answer_by) {
                text += pick(", svar innen ", ", svar innan ") +
                        workflows::day_and_month(*line.answer_by, language_);
            }
            lines.emplace_back(line.debtor_name, std::move(text));
        }
        list(lines);
        rest(digest_.waiting_count, digest_.waiting.size());
    }

    void add_overdue() {
        if (digest_.overdue.empty()) {
            return;
        }
        heading(pick("Forfalt (", "Forfalle (") + number(digest_.overdue_count) + ")");
        std::vector<std::pair<std::string, std::string>> lines;
        for (const WeeklyDigest::Line& line : digest_.overdue) {
            std::string text = ": " + in_language(line.requirement_title) + " – ";
            text += line.days_over == 0 ? pick("fristen gikk ut i dag", "fristen gjekk ut i dag")
                                        : day_count(line.days_over, language_) + " over";
            text += ", " + reminded(line.reminders_sent);
            if (line.is_refused) {
                text += pick(", e-post avvist", ", e-post avvist");
            }
            lines.emplace_back(line.debtor_name, std::move(text));
        }
        list(lines);
        rest(digest_.overdue_count, digest_.overdue.size());
    }

    [[nodiscard]] std::string reminded(int times) const {
        if (times == 0) {
            return pick("ikke påminnet", "ikkje påmint");
        }
        if (times == 1) {
            return pick("påminnet 1 gang", "påmint 1 gong");
        }
        return pick("påminnet ", "påmint ") + std::to_string(times) + pick(" ganger", " gonger");
    }

    void add_due() {
        if (digest_.due.empty()) {
            return;
        }
        heading(pick("Frister denne uka (", "Fristar denne veka (") + number(digest_.due_count) +
                ")");
        std::vector<std::pair<std::string, std::string>> lines;
        for (const WeeklyDigest::Due& due : digest_.due) {
            std::string missing;
            for (const std::string& name : due.missing) {
                missing += (missing.empty() ? "" : ", ") + name;
            }
            lines.emplace_back(workflows::day_and_month(due.day, language_),
                               ": " + in_language(due.requirement_title) +
                                   pick(". Mangler fra: ", ". Manglar frå: ") + missing);
        }
        list(lines);
        std::size_t shown = 0;
        for (const WeeklyDigest::Due& due : digest_.due) {
            shown += due.missing.size();
        }
        rest(digest_.due_count, shown);
    }

    void add_sendings() {
        if (digest_.sendings.empty()) {
            return;
        }
        heading(pick("Dette sender vi for deg denne uka", "Dette sender vi for deg denne veka"));
        std::vector<std::pair<std::string, std::string>> lines;
        for (const WeeklyDigest::Sending& sending : digest_.sendings) {
            const std::string what = sending.reminders == 1 ? pick(" påminnelse", " påminning")
                                                            : pick(" påminnelser", " påminningar");
            lines.emplace_back(workflows::day_and_month(sending.day, language_),
                               ": " + std::to_string(sending.reminders) + what);
        }
        list(lines);
        paragraph(pick("Se og stopp: ", "Sjå og stopp: ") + definitions_.installation.public_url +
                  "/utboks?tilstand=planlagt");
    }

    const workflows::MessageSnapshot& snapshot_;
    const WeeklyDigest& digest_;
    const workflows::Definitions& definitions_;
    Language language_;
    Document document_;
};

}  // namespace

WrittenDigest write_digest(const workflows::MessageSnapshot& snapshot,
                           const workflows::Definitions& definitions) {
    FRISTVAKT_ASSERT(snapshot.digest.has_value());
    return DigestWriter{snapshot, definitions}.write();
}

}  // namespace fristvakt::integrations::texts
