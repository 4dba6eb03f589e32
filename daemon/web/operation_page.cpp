#include <fmt/format.h>

#include "daemon/engine/watch_health.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/canary.hpp"

/// Drift: whether fristvakt lives, what it works from, and whether the books balance.
namespace fristvakt::daemon {

using workflows::SendingMode;

namespace {

std::string mode_text(const View& view) {
    switch (view.definitions->installation.sending) {
        case SendingMode::Spool:
            return std::string{
                view.pick("av: meldinger legges i spool", "av: meldingar blir lagde i spool")};
        case SendingMode::Redirect:
            return std::string{view.pick("omdirigert til én adresse", "omdirigert til éi adresse")};
        case SendingMode::Allowlist:
            return std::string{view.pick("bare til tillatlisten", "berre til tillatlista")};
        case SendingMode::Live:
            return std::string{view.pick("til alle", "til alle")};
    }
    return "";
}

std::string size_text(std::int64_t bytes) {
    constexpr double kMebi{1024.0 * 1024.0};
    return bytes == 0 ? std::string{"–"}
                      : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMebi);
}

/// "et øyeblikk" or seconds: how long since the engine finished a step.
std::string age_text(const View& view) {
    const auto seconds = static_cast<std::int64_t>(view.health.step_age_seconds);
    return seconds < 2 ? std::string{view.pick("nettopp", "nettopp")}
                       : fmt::format("{} {} {}", view.pick("for", "for"), seconds,
                                     view.pick("sekunder siden", "sekund sidan"));
}

class Sheet {
 public:
    explicit Sheet(const View& view) : view_(view) { out_.add("<dl class=\"fv-facts\">\n"); }
    void add(std::string_view nb, std::string_view nn, const Html& value) {
        out_.add("<dt>{}</dt><dd>{}</dd>\n", view_.pick(nb, nn), value);
    }
    void add(std::string_view nb, std::string_view nn, std::string_view value) {
        add(nb, nn, html("{}", value));
    }
    [[nodiscard]] Html finish() {
        out_.add("</dl>\n");
        return std::move(out_);
    }

 private:
    const View& view_;
    Html out_;
};

Html engine(const View& view) {
    const workflows::TimeZone& zone = view.definitions->time_zone();
    Sheet sheet{view};
    sheet.add("Klokke", "Klokke",
              long_time(view.now(), zone, view.language) +
                  (view.ledger.demo_clock ? std::string{" (demo)"} : std::string{}));
    sheet.add("Siste steg", "Siste steg", age_text(view));
    sheet.add("Steg i alt", "Steg i alt", std::to_string(view.health.steps));
    sheet.add("Neste gang noe skjer", "Neste gong noko skjer",
              view.health.wake_at ? long_time(*view.health.wake_at, zone, view.language)
                                  : std::string{"–"});
    sheet.add("Utsending", "Utsending", mode_text(view));
    sheet.add("På vent", "På vent",
              view.ledger.sending_on_hold ? view.in(words_of_hold(view.ledger))
                                          : std::string{view.pick("nei", "nei")});
    sheet.add("Lager", "Lager",
              view.health.store_ok ? tag("✓", view.pick("svarer", "svarar"), "success")
                                   : tag("!", view.pick("svarer ikke", "svarar ikkje"), "danger"));
    if (const auto& statement = view.health.statement) {
        sheet.add(
            "Regnskapet talt opp på nytt", "Rekneskapen talt opp på nytt",
            html("{} {}",
                 statement->ok() ? tag("✓", view.pick("stemmer", "stemmer"), "success")
                                 : tag("!", view.pick("stemmer ikke", "stemmer ikkje"), "danger"),
                 long_time(statement->at, zone, view.language)));
    }
    if (!view.health.last_error.empty()) {
        sheet.add("Siste feil", "Siste feil", view.health.last_error);
    }
    return sheet.finish();
}

/// When the configuration in force was taken into use; nothing when that is long ago.
workflows::Result<std::optional<workflows::Instant>> used_since(View& view) {
    workflows::LogFilter filter;
    filter.kinds = {"configuration", "configuration_used"};
    filter.count_max = 1;
    const auto found = view.snapshot->log(filter);
    if (!found.ok()) {
        return found.error();
    }
    return found.value().entries.empty() ? std::nullopt
                                         : std::optional{found.value().entries.front().entry.at};
}

/// Whether anybody has said that they see the cards; empty where nobody is asked.
Html seen(const View& view, const workflows::TeamsChannel& channel,
          const workflows::CanaryRecord& record) {
    if (!channel.canary || record.card == 0) {
        return {};
    }
    const workflows::TimeZone& zone = view.definitions->time_zone();
    const auto day = [&](workflows::Instant at) {
        return workflows::long_date(zone.date_of(at), view.language);
    };
    const Html since = record.silent_since ? html(" {}", day(*record.silent_since)) : Html{};
    if (workflows::is_silent(record, zone, view.now())) {
        return html("<br>{}{}",
                    tag("!",
                        view.pick("ingen har bekreftet et kort siden",
                                  "ingen har stadfesta eit kort sidan"),
                        "danger"),
                    since);
    }
    if (record.confirmed_at) {
        return html("<br>{} {}", tag("✓", view.pick("sett i kanalen", "sett i kanalen"), "success"),
                    day(*record.confirmed_at));
    }
    return html("<br>{}{}",
                view.pick("venter på at noen bekrefter kortet fra",
                          "ventar på at nokon stadfestar kortet frå"),
                since);
}

/// How the last card to each channel in Teams fared; empty where there is none.
Html channels(const View& view) {
    const auto& installation = view.definitions->installation;
    if (installation.teams.empty()) {
        return {};
    }
    const workflows::TimeZone& zone = view.definitions->time_zone();
    Sheet sheet{view};
    for (const workflows::TeamsChannel& channel : installation.teams) {
        const auto found = view.ledger.channels.find(channel.id);
        const auto record =
            found == view.ledger.channels.end() ? workflows::ChannelRecord{} : found->second;
        Html value;
        if (record.failed_at) {
            value.add("{} {}: {} – <a class=\"ds-link\" href=\"/utboks\">{}</a>",
                      tag("!", view.pick("siste kort kom ikke fram", "siste kort kom ikkje fram"),
                          "danger"),
                      long_time(*record.failed_at, zone, view.language), record.reply,
                      view.pick("se utboksen", "sjå utboksen"));
        } else if (record.sent_at) {
            value.add(
                "{} {}",
                tag("✓", view.pick("siste kort tatt imot", "siste kort teke imot"), "success"),
                long_time(*record.sent_at, zone, view.language));
        } else {
            value.add("{}", view.pick("ingen kort ennå", "ingen kort enno"));
        }
        value.add("{}", seen(view, channel, record.canary));
        sheet.add(channel.id, channel.id, value);
    }
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n",
            view.pick("Kanaler i Teams", "Kanalar i Teams"));
    out.add(sheet.finish());
    return out;
}

/// How the last looks went; in the words of the watch what is wrong, and what to do.
Html state_of(const View& view, const WatchHealth& watch) {
    const workflows::TimeZone& zone = view.definitions->time_zone();
    Html out;
    if (watch.failing_since) {
        out.add("{} {}: {}", tag("!", view.pick("i vansker siden", "i vanskar sidan"), "danger"),
                long_time(*watch.failing_since, zone, view.language), watch.error);
    } else if (watch.good_at) {
        out.add("{}", tag("✓", view.pick("i orden", "i orden"), "success"));
    } else {
        out.add("{}", view.pick("ikke sett på ennå", "ikkje sett på enno"));
    }
    if (watch.good_at) {
        out.add("<br>{} {}", view.pick("Sist i orden:", "Sist i orden:"),
                long_time(*watch.good_at, zone, view.language));
    }
    return out;
}

/// Where answers to invitations come in; empty where they come by nothing but the pages.
Html watched(const View& view, const Watches& watches) {
    if (!watches.mailbox && !watches.calendar) {
        return {};
    }
    Sheet sheet{view};
    if (const auto& mailbox = watches.mailbox) {
        sheet.add("Postkassen for svar", "Postkassa for svar", state_of(view, *mailbox));
        sheet.add("Svar derfra", "Svar derifrå",
                  fmt::format("{} {}, {} {}", mailbox->answers,
                              view.pick("registrert", "registrerte"), mailbox->behind,
                              view.pick("lagt til side (ligger i postkassen)",
                                        "lagde til side (ligg i postkassa)")));
    }
    if (const auto& calendar = watches.calendar) {
        sheet.add("Kalenderen i Microsoft 365", "Kalenderen i Microsoft 365",
                  state_of(view, *calendar));
        sheet.add("Møter som ikke står der som de skal", "Møte som ikkje står der som dei skal",
                  std::to_string(calendar->behind));
        sheet.add("Svar derfra", "Svar derifrå", std::to_string(calendar->answers));
    }
    Html out;
    out.add("<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n",
            view.pick("Innkallinger og svar", "Innkallingar og svar"));
    out.add("<p class=\"ds-paragraph\">{}</p>\n",
            view.pick("Tallene gjelder siden fristvakt ble startet.",
                      "Tala gjeld sidan fristvakt vart starta."));
    out.add(sheet.finish());
    return out;
}

workflows::Result<Html> store(View& view) {
    const workflows::TimeZone& zone = view.definitions->time_zone();
    const auto since = used_since(view);
    const auto head = view.snapshot->head();
    const auto size = view.snapshot->size_bytes();
    const auto outbox = view.snapshot->outbox();
    for (const auto* failed :
         {since.ok() ? nullptr : &since.error(), head.ok() ? nullptr : &head.error(),
          size.ok() ? nullptr : &size.error(), outbox.ok() ? nullptr : &outbox.error()}) {
        if (failed != nullptr) {
            return *failed;
        }
    }
    Sheet sheet{view};
    sheet.add("Versjon", "Versjon", view.version);
    sheet.add("Oppsett", "Oppsett",
              html("<code>{}</code>{}", view.definitions->hash.substr(0, 12),
                   since.value() ? html(" {} {}", view.pick("tatt i bruk", "teke i bruk"),
                                        long_time(*since.value(), zone, view.language))
                                 : Html{}));
    sheet.add("Siste innlesing", "Siste innlesing",
              view.health.reload_ok
                  ? tag("✓", view.pick("i orden", "i orden"), "success")
                  : tag("!", view.pick("avvist, det gamle gjelder", "avvist, det gamle gjeld"),
                        "warning"));
    sheet.add("Innhold", "Innhald",
              fmt::format(
                  "{} {}, {} {}, {} {}", view.definitions->organisations.size(),
                  view.pick("organisasjoner", "organisasjonar"), view.definitions->contacts.size(),
                  view.pick("kontaktpersoner", "kontaktpersonar"), view.definitions->cohorts.size(),
                  view.definitions->cohorts.size() == 1 ? "pulje" : view.pick("puljer", "puljer")));
    sheet.add("Størrelse på lageret", "Storleik på lageret", size_text(size.value()));
    sheet.add("Loggen", "Loggen",
              html("{} {} <code>{}</code>", head.value().sequence,
                   view.pick("innslag, hode", "innslag, hovud"),
                   head.value().hash.empty() ? std::string{"–"} : head.value().hash.substr(0, 16)));
    sheet.add("Eldste som venter", "Eldste som ventar",
              outbox.value().oldest_queued_at
                  ? long_time(*outbox.value().oldest_queued_at, zone, view.language)
                  : std::string{view.pick("ingen", "ingen")});
    return sheet.finish();
}

Table books(const View& view) {
    const workflows::Books& books = view.ledger.books;
    Table table{.name = "regnskap",
                .title = {"Regnskap over påminnelser", "Rekneskap over påminningar"},
                .columns = {{"account", {"Konto", "Konto"}}, {"count", {"Antall", "Tal"}}},
                .rows = {}};
    const auto add = [&](std::string_view nb, std::string_view nn, std::int64_t count) {
        table.rows.push_back({view.pick(nb, nn), count});
    };
    add("Planlagt", "Planlagt", books.planned);
    add("Sendt", "Sendt", books.sent);
    add("Holdt tilbake", "Halde tilbake", books.held);
    add("Stanset før sending", "Stansa før sending", books.suppressed);
    add("Falt bort", "Falle bort", books.superseded);
    add("Kom ikke fram", "Kom ikkje fram", books.failed);
    add("Venter", "Ventar", books.waiting);
    return table;
}

}  // namespace

PageResult operation_page(View& view, const Watches& watches) {
    auto stored = store(view);
    if (!stored.ok()) {
        return stored.error();
    }
    Content out;
    out.title = {"Drift", "Drift"};
    out.body.add("<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n",
                 view.pick("Motoren", "Motoren"));
    out.body.add(engine(view));
    out.body.add(channels(view));
    out.body.add(watched(view, watches));
    out.body.add("<h2 class=\"ds-heading\" data-size=\"sm\">{}</h2>\n",
                 view.pick("Oppsett og lager", "Oppsett og lager"));
    out.body.add(stored.value());
    out.table = books(view);
    out.body.add(section(view, *out.table,
                         view.ledger.books.balance()
                             ? view.pick("Planlagt er lik summen av resten: regnskapet går opp.",
                                         "Planlagt er lik summen av resten: rekneskapen går opp.")
                             : view.pick("Regnskapet går ikke opp. Si fra til dem som lager "
                                         "fristvakt.",
                                         "Rekneskapen går ikkje opp. Sei frå til dei som lagar "
                                         "fristvakt.")));
    return out;
}

}  // namespace fristvakt::daemon
