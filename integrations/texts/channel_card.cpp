#include "integrations/texts/channel_card.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "integrations/texts/digest_phrases.hpp"
#include "integrations/texts/message_values.hpp"
#include "workflows/assert.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/definition/base_url.hpp"

namespace fristvakt::integrations::texts {

using teams::Card;
using workflows::Language;
using workflows::MessageSnapshot;
using workflows::WeeklyDigest;

namespace {

/// What has an own heading on a card, in the order in which it stands there.
struct Heading {
    std::string_view what;
    const char* nb;
    const char* nn;
    bool is_urgent;
};
constexpr std::array kHeadings{
    Heading{workflows::kRefusedNews, "E-post avvist", "E-post avvist", true},
    Heading{"claimed", "Meldt sendt", "Meldt send", false},
    Heading{"more_time_asked", "Ber om lengre frist", "Ber om lengre frist", false},
    Heading{"received", "Mottatt", "Motteke", false},
    Heading{workflows::kMoved, "Flyttet", "Flytta", false},
    Heading{workflows::kCancelled, "Avlyst", "Avlyst", false},
    Heading{"", "Andre hendelser", "Andre hendingar", false},
};

class CardWriter {
 public:
    CardWriter(const MessageSnapshot& snapshot, const workflows::Definitions& definitions)
        : snapshot_(snapshot),
          language_(snapshot.language),
          pages_(workflows::base_url(definitions.installation.public_url)) {}

    Card write() {
        if (snapshot_.digest) {
            write_digest(*snapshot_.digest);
        } else {
            FRISTVAKT_ASSERT(!snapshot_.items.empty());
            const MessageSnapshot::Item& first = snapshot_.items.front();
            if (first.notice == workflows::kCanaryNews) {
                write_canary(first);
            } else {
                first.case_id.empty() ? write_hold(first) : write_news();
            }
        }
        return std::move(card_);
    }

 private:
    [[nodiscard]] std::string pick(const char* nb, const char* nn) const {
        return language_ == Language::Nb ? nb : nn;
    }
    void link(std::string title, const std::string& path) {
        card_.links.push_back({.title = std::move(title), .url = pages_ + path});
    }
    template <typename One, typename Write>
    void section(std::string heading, const std::vector<One>& all, std::size_t count,
                 const Write& write) {
        if (all.empty()) {
            return;
        }
        Card::Section out{.heading = std::move(heading), .lines = {}, .count = count};
        for (const One& one : all) {
            Phrase phrase = write(one, language_);
            out.lines.push_back({std::move(phrase.strong), std::move(phrase.rest)});
        }
        card_.sections.push_back(std::move(out));
    }

    void write_digest(const WeeklyDigest& digest) {
        card_.title =
            digest.is_daily
                ? pick("Frister ", "Fristar ") + workflows::day_and_month(digest.day, language_)
                : pick("Frister uke ", "Fristar veke ") + std::to_string(digest.week);
        const std::string counts = counts_phrase(digest, "oss", language_);
        if (digest.is_calm()) {
            card_.lead = pick(
                "Alt er i rute: Ingenting venter på oss, ingen er over fristen, og ingen frister "
                "går ut denne uka.",
                "Alt er i rute: Ingenting ventar på oss, ingen er over fristen, og ingen fristar "
                "går ut denne veka.");
        } else {
            card_.lead = counts.empty() ? std::string{} : counts + ".";
        }
        section(pick("Venter på oss", "Ventar på oss"), digest.waiting, digest.waiting_count,
                waiting_phrase);
        section(pick("Forfalt", "Forfalle"), digest.overdue, digest.overdue_count, overdue_phrase);
        if (!digest.overdue.empty()) {
            card_.sections.back().is_urgent = true;
        }
        section(pick("Frister denne uka", "Fristar denne veka"), digest.due, digest.due.size(),
                due_phrase);
        section(pick("Dette sender vi denne uka", "Dette sender vi denne veka"), digest.sendings,
                digest.sendings.size(), sending_phrase);
        link(pick("Åpne «I dag»", "Opne «I dag»"), "/");
        if (!digest.sendings.empty()) {
            link(pick("Se og stopp det som sendes", "Sjå og stopp det som blir sendt"),
                 "/utboks?tilstand=planlagt");
        }
    }

    void write_hold(const MessageSnapshot::Item& item) {
        if (item.notice == workflows::kHoldNews) {
            card_.title = pick("All utsending er satt på vent", "All utsending er sett på vent");
            card_.lead = pick("Ingen påminnelser går ut før noen slipper dem fri.",
                              "Ingen påminningar går ut før nokon slepper dei fri.");
        } else {
            card_.title =
                pick("Uvanlig mange meldinger på én gang", "Uvanleg mange meldingar på éin gong");
            card_.lead = pick("Bremsen holder dem tilbake til noen har sett på dem.",
                              "Bremsa held dei tilbake til nokon har sett på dei.");
        }
        link(pick("Se utboksen", "Sjå utboksen"), "/utboks?tilstand=held");
    }

    void write_canary(const MessageSnapshot::Item& item) {
        card_.title = pick("Ser dere dette kortet?", "Ser de dette kortet?");
        card_.lead = pick(
            "Slik vet vi at kortene fra fristvakt kommer fram hit. Én av dere trykker på «Vi ser "
            "det» og bekrefter. Bekrefter ingen innen to virkedager, får de som drifter fristvakt "
            "en e-post.",
            "Slik veit vi at korta frå fristvakt kjem fram hit. Éin av dykk trykkjer på «Vi ser "
            "det» og stadfestar. Stadfestar ingen innan to vyrkedagar, får dei som driftar "
            "fristvakt ein e-post.");
        const auto confirm = item.fields.find("confirm_link");
        FRISTVAKT_ASSERT(confirm != item.fields.end());
        card_.links.push_back({.title = pick("Vi ser det", "Vi ser det"), .url = confirm->second});
    }

    /// "Regional samling: tirsdag 20. april 2021 kl. 09–13, Teams (før mandag 19. april …)".
    [[nodiscard]] Card::Line meeting_line(const MessageSnapshot::Item& item) const {
        const auto in_words = [&](const workflows::MeetingTime& time) {
            return workflows::time_in_words(time, language_) +
                   (time.place.empty() ? std::string{} : ", " + time.place);
        };
        const auto now = workflows::meeting_time(item.fields);
        const auto was = workflows::former_meeting_time(item.fields);
        std::string rest = now ? ": " + in_words(*now) : std::string{};
        if (was && item.notice == workflows::kMoved) {
            rest += " (" + pick("før ", "før ") + in_words(*was) + ")";
        }
        return {in_language(item.requirement_title, language_), std::move(rest)};
    }

    [[nodiscard]] Card::Line line_of(const MessageSnapshot::Item& item, bool says_state) const {
        if (workflows::is_date_of_meeting(item.notice) && workflows::meeting_time(item.fields)) {
            return meeting_line(item);
        }
        std::string rest = ": " + in_language(item.requirement_title, language_);
        if (says_state) {
            rest += " – " + in_language(item.state_title, language_);
        }
        if (item.answer_by && item.notice != workflows::kRefusedNews) {
            rest += pick(", svar innen ", ", svar innan ") +
                    workflows::day_and_month(item.answer_by->date, language_);
        }
        return {item.debtor_name, std::move(rest)};
    }

    void write_news() {
        const auto heading_of = [](const MessageSnapshot::Item& item) {
            const auto own = std::ranges::find(kHeadings, item.notice, &Heading::what);
            return own == kHeadings.end() ? std::prev(kHeadings.end()) : own;
        };
        for (auto heading = kHeadings.begin(); heading != kHeadings.end(); ++heading) {
            Card::Section section{.heading = pick(heading->nb, heading->nn),
                                  .lines = {},
                                  .count = 0,
                                  .is_urgent = heading->is_urgent};
            for (const MessageSnapshot::Item& item : snapshot_.items) {
                if (heading_of(item) == heading) {
                    section.lines.push_back(line_of(item, heading->what.empty()));
                    const auto others = item.fields.find("others");
                    section.count +=
                        1 + (others == item.fields.end() ? 0 : std::stoul(others->second));
                }
            }
            if (!section.lines.empty()) {
                card_.sections.push_back(std::move(section));
            }
        }
        std::size_t count = 0;
        for (const Card::Section& section : card_.sections) {
            count += section.count;
        }
        if (count == 1) {
            const Card::Section& only = card_.sections.front();
            card_.title = only.lines.front().strong + ": " + only.heading;
            link(pick("Åpne saken", "Opne saka"), "/sak/" + snapshot_.items.front().case_id);
        } else {
            card_.title = std::to_string(count) + pick(" nye hendelser", " nye hendingar");
        }
        link(pick("Åpne «I dag»", "Opne «I dag»"), "/");
    }

    const MessageSnapshot& snapshot_;
    Language language_;
    std::string pages_;
    Card card_;
};

Block paragraph(std::string text) {
    return {.kind = Block::Kind::Paragraph, .runs = {{.text = std::move(text)}}};
}

}  // namespace

bool goes_as_card(const MessageSnapshot& snapshot, const workflows::Installation& installation) {
    return snapshot.channel == workflows::kTeamsChannel &&
           installation.sending != workflows::SendingMode::Redirect;
}

Card channel_card(const MessageSnapshot& snapshot, const workflows::Definitions& definitions) {
    return CardWriter{snapshot, definitions}.write();
}

Document to_document(const Card& card) {
    Document out;
    if (!card.lead.empty()) {
        out.push_back(paragraph(card.lead));
    }
    for (const Card::Section& section : card.sections) {
        const std::size_t count = std::max(section.count, section.lines.size());
        out.push_back({.kind = Block::Kind::Heading,
                       .number = 2,
                       .runs = {{.text = section.heading + " (" + std::to_string(count) + ")"}}});
        Block list{.kind = Block::Kind::BulletList};
        for (const Card::Line& line : section.lines) {
            Block text{.kind = Block::Kind::Paragraph,
                       .runs = {{.text = line.strong, .strong = true}, {.text = line.rest}}};
            list.children.push_back({.kind = Block::Kind::Item, .children = {std::move(text)}});
        }
        out.push_back(std::move(list));
        if (count > section.lines.size()) {
            out.push_back(
                paragraph("… og " + std::to_string(count - section.lines.size()) + " til"));
        }
    }
    for (const Card::Link& link : card.links) {
        out.push_back(paragraph(link.title + ": " + link.url));
    }
    return out;
}

}  // namespace fristvakt::integrations::texts
