#include "integrations/texts/digest_document.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "integrations/texts/digest_phrases.hpp"
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

    WrittenMail write() {
        WrittenMail out;
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
    [[nodiscard]] std::string number(std::size_t count) const {
        return count_phrase(digest_, count);
    }

    /// "Uke 42: 3 forfalt, 2 venter på deg, 5 frister denne uka".
    [[nodiscard]] std::string subject() const {
        const std::string all = counts_phrase(digest_, "deg", language_);
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
    void list(const std::vector<Phrase>& lines) {
        Block list{.kind = Block::Kind::BulletList};
        for (const auto& [strong, rest] : lines) {
            Block text{.kind = Block::Kind::Paragraph,
                       .runs = {{.text = strong, .strong = true}, {.text = rest}}};
            list.children.push_back({.kind = Block::Kind::Item, .children = {std::move(text)}});
        }
        document_.push_back(std::move(list));
    }
    template <typename One, typename Write>
    void list_all(const std::vector<One>& all, const Write& write) {
        std::vector<Phrase> lines;
        lines.reserve(all.size());
        for (const One& one : all) {
            lines.push_back(write(one, language_));
        }
        list(lines);
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
        list_all(digest_.waiting, waiting_phrase);
        rest(digest_.waiting_count, digest_.waiting.size());
    }

    void add_overdue() {
        if (digest_.overdue.empty()) {
            return;
        }
        heading(pick("Forfalt (", "Forfalle (") + number(digest_.overdue_count) + ")");
        list_all(digest_.overdue, overdue_phrase);
        rest(digest_.overdue_count, digest_.overdue.size());
    }

    void add_due() {
        if (digest_.due.empty()) {
            return;
        }
        heading(pick("Frister denne uka (", "Fristar denne veka (") + number(digest_.due_count) +
                ")");
        list_all(digest_.due, due_phrase);
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
        list_all(digest_.sendings, sending_phrase);
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

WrittenMail write_digest(const workflows::MessageSnapshot& snapshot,
                         const workflows::Definitions& definitions) {
    FRISTVAKT_ASSERT(snapshot.digest.has_value());
    return DigestWriter{snapshot, definitions}.write();
}

}  // namespace fristvakt::integrations::texts
