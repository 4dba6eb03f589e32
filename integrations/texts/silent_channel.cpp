#include "integrations/texts/silent_channel.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "workflows/assert.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/time/instant.hpp"

namespace fristvakt::integrations::texts {

using workflows::Language;
using workflows::MessageSnapshot;

namespace {

class SilenceWriter {
 public:
    SilenceWriter(const MessageSnapshot& snapshot, const workflows::Definitions& definitions)
        : item_(snapshot.items.front()),
          language_(snapshot.language),
          pages_(workflows::base_url(definitions.installation.public_url)),
          name_(snapshot.to.name) {}

    WrittenMail write() {
        const std::string channel = value("channel");
        WrittenMail out;
        out.envelope.language = language_;
        out.envelope.subject = pick("Ingen bekrefter kortene i Teams-kanalen ",
                                    "Ingen stadfestar korta i Teams-kanalen ") +
                               channel;
        out.envelope.preheader =
            pick("Kanskje kommer ingen kort fram dit.", "Kanskje kjem ingen kort fram dit.");
        if (!name_.empty()) {
            paragraph("Hei, " + name_);
        }
        paragraph(pick("fristvakt spør hver uke i Teams-kanalen «",
                       "fristvakt spør kvar veke i Teams-kanalen «") +
                  channel +
                  pick("» om noen ser kortene. Ingen har bekreftet et kort siden ",
                       "» om nokon ser korta. Ingen har stadfesta eit kort sidan ") +
                  day("since") + last_confirmed() +
                  pick(". Kanskje kommer ingen kort fram, og ingen har merket det.",
                       ". Kanskje kjem ingen kort fram, og ingen har merka det."));
        if (const std::string reply = value("reply"); !reply.empty()) {
            paragraph(pick("Det siste kortet ble ikke tatt imot: ",
                           "Det siste kortet vart ikkje teke imot: ") +
                      reply);
        }
        steps();
        paragraph(pick("Se «Drift»: ", "Sjå «Drift»: ") + pages_ + "/drift");
        paragraph(
            pick("Du får denne e-posten én gang for hvert kort som ingen bekrefter. Sendt "
                 "automatisk.",
                 "Du får denne e-posten éin gong for kvart kort som ingen stadfestar. Sendt "
                 "automatisk."));
        out.document = std::move(document_);
        return out;
    }

 private:
    [[nodiscard]] std::string pick(const char* nb, const char* nn) const {
        return language_ == Language::Nb ? nb : nn;
    }
    [[nodiscard]] std::string value(const std::string& name) const {
        const auto found = item_.fields.find(name);
        return found == item_.fields.end() ? std::string{} : found->second;
    }
    [[nodiscard]] std::string day(const std::string& name) const {
        const auto date = workflows::parse_iso_date(value(name));
        return date ? workflows::long_date(*date, language_) : std::string{};
    }
    [[nodiscard]] std::string last_confirmed() const {
        const std::string date = day("confirmed");
        return date.empty() ? std::string{}
                            : pick(" (forrige bekreftelse: ", " (førre stadfesting: ") + date + ")";
    }

    void paragraph(std::string text) {
        document_.push_back({.kind = Block::Kind::Paragraph, .runs = {{.text = std::move(text)}}});
    }

    void steps() {
        document_.push_back({.kind = Block::Kind::Heading,
                             .number = 2,
                             .runs = {{.text = pick("Gjør dette", "Gjer dette")}}});
        Block list{.kind = Block::Kind::OrderedList};
        const auto step = [&](std::string text) {
            Block line{.kind = Block::Kind::Paragraph, .runs = {{.text = std::move(text)}}};
            list.children.push_back({.kind = Block::Kind::Item, .children = {std::move(line)}});
        };
        step(
            pick("Se i kanalen. Står kortet «Ser dere dette kortet?» der, trykk på «Vi ser det» "
                 "og bekreft.",
                 "Sjå i kanalen. Står kortet «Ser de dette kortet?» der, trykk på «Vi ser det» og "
                 "stadfest."));
        step(
            pick("Står det ikke der: Se i Teams, under Arbeidsflyter, om arbeidsflyten er på og "
                 "poster i riktig kanal, og om den som eier den fortsatt er der. Gi den en eier "
                 "til, eller lag den på nytt og legg adressen inn i fristvakt.",
                 "Står det ikkje der: Sjå i Teams, under Arbeidsflytar, om arbeidsflyten er på og "
                 "postar i rett kanal, og om den som eig han framleis er der. Gi han ein eigar "
                 "til, eller lag han på nytt og legg adressa inn i fristvakt."));
        step(pick("Prøv med: fristvakt teams test", "Prøv med: fristvakt teams test"));
        document_.push_back(std::move(list));
    }

    const MessageSnapshot::Item& item_;
    Language language_;
    std::string pages_;
    std::string name_;
    Document document_;
};

}  // namespace

WrittenMail write_silence(const MessageSnapshot& snapshot,
                          const workflows::Definitions& definitions) {
    FRISTVAKT_ASSERT(!snapshot.items.empty());
    FRISTVAKT_ASSERT(snapshot.items.front().notice == workflows::kSilenceNews);
    return SilenceWriter{snapshot, definitions}.write();
}

}  // namespace fristvakt::integrations::texts
