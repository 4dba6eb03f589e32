#include <algorithm>
#include <array>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/actions.hpp"
#include "daemon/web/actions/choosing.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/due_list.hpp"
#include "daemon/web/maybe_sent.hpp"
#include "daemon/web/outbox_text.hpp"
#include "daemon/web/words.hpp"

/// Utboks: each message as it was sent, or why it was not.
namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Message;
using workflows::MessageState;
using workflows::Person;
using workflows::StoredMessage;

namespace {

constexpr std::size_t kRowsMax{100};
constexpr std::size_t kFileRowsMax{20'000};

constexpr std::array kStates{
    MessageState::Waiting, MessageState::Sending, MessageState::Sent,      MessageState::Held,
    MessageState::Failed,  MessageState::Dropped, MessageState::Uncertain,
};

Html filter_form(const View& view, const std::string& chosen, const std::string& case_id) {
    Html options;
    options.add("<option value=\"\">{}</option>", view.pick("Alle", "Alle"));
    for (const MessageState state : kStates) {
        options.add("<option value=\"{}\"{}>{}</option>", to_string(state),
                    to_string(state) == chosen ? html(" selected") : Html{},
                    view.in(look_of(state).word));
    }
    Html out;
    out.add(
        "<form class=\"fv-filter\" method=\"get\" action=\"/utboks\">\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-tilstand\">{}</label>"
        "<select class=\"ds-input\" id=\"f-tilstand\" name=\"tilstand\">{}</select></div>\n",
        view.pick("Tilstand", "Tilstand"), options);
    out.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-sak\">{}</label>"
        "<input class=\"ds-input\" id=\"f-sak\" name=\"sak\" value=\"{}\"></div>\n"
        "<button class=\"ds-button\" type=\"submit\">{}</button>\n</form>\n",
        view.pick("Sak (navnet)", "Sak (namnet)"), case_id, view.pick("Vis", "Vis"));
    return out;
}

Table empty_table(const workflows::Text& title) {
    return {.name = "utsendinger",
            .title = title,
            .columns = {{"at", {"Når", "Når"}},
                        {"to", {"Mottaker", "Mottakar"}},
                        {"subject", {"Emne", "Emne"}},
                        {"state", {"Tilstand", "Tilstand"}},
                        {"attempts", {"Forsøk", "Forsøk"}},
                        {"why", {"Grunn", "Grunn"}},
                        {"number", {"Nr.", "Nr."}}},
            .rows = {}};
}

std::vector<Cell> row_of(const View& view, const StoredMessage& stored) {
    const Message& message = stored.message;
    return {time_of(message),
            person_name(view, stored.to),
            Cell{subject_of(view, stored), message_link(view, stored)},
            Cell{view.in(look_of(message.state).word), state_tag(view, message.state)},
            message.attempts,
            reason_text(view, message),
            message.number};
}

struct Tab {
    std::string_view id;
    std::string_view nb;
    std::string_view nn;
    std::optional<MessageState> state;
};
constexpr std::array kTabs{
    Tab{"", "Alle", "Alle", {}},
    Tab{"planlagt", "Planlagt", "Planlagt", {}},
    Tab{"waiting", "Venter", "Ventar", MessageState::Waiting},
    Tab{"sent", "Sendt", "Sendt", MessageState::Sent},
    Tab{"failed", "Feilet", "Feila", MessageState::Failed},
    Tab{"held", "På vent", "På vent", MessageState::Held},
};

/// The ways to look, each with how many there are.
workflows::Result<Html> tabs(View& view, const std::string& chosen) {
    const auto outbox = view.snapshot->outbox();
    if (!outbox.ok()) {
        return outbox.error();
    }
    Html items;
    for (const Tab& tab : kTabs) {
        Html number;
        if (tab.state) {
            const auto known = outbox.value().messages.find(*tab.state);
            number = html(" <span class=\"fv-count\">{}</span>",
                          known == outbox.value().messages.end() ? 0 : known->second);
        }
        items.add("<li><a class=\"ds-link\" href=\"/utboks{}\"{}>{}</a>{}</li>",
                  encode_query({{"tilstand", std::string{tab.id}}}),
                  tab.id == chosen ? html(" aria-current=\"true\"") : Html{},
                  view.pick(tab.nb, tab.nn), number);
    }
    return html("<nav class=\"fv-views\" id=\"faner\" aria-label=\"{}\"><ul>{}</ul></nav>\n",
                view.pick("Utsendinger etter tilstand", "Utsendingar etter tilstand"), items);
}

constexpr int kPlannedDays{14};

/// A step that lies ahead is sent or stopped in its case; what is to wait is paused there.
Html planned_actions(const View& view, const PlannedSend& one) {
    if (!may(view.visitor(), Right::Act, one.item, *view.definitions)) {
        return {};
    }
    Html out = send_now_button(view, {one.item});
    const auto link = [&](std::string_view event, std::string_view word) {
        out.add(" <a class=\"ds-link\" href=\"/sak/{}/handling/{}\" aria-label=\"{}: {}\">{}</a>",
                encode_path(one.item.id), event, word,
                organisation_name(one.item.debtor, *view.definitions), word);
    };
    link("reminder_stopped", view.pick("Stopp", "Stopp"));
    link("paused", view.pick("Utsett", "Utset"));
    return out;
}

/// What the ladders will send, as things stand now.
PageResult planned_page(View& view, Content out) {
    const auto refused = refused_addresses(view.ledger, *view.definitions);
    const auto found = planned_sends(view, view.now() + workflows::cal::days{kPlannedDays},
                                     view.wants_file() ? 5000 : kRowsMax, refused);
    if (!found.ok()) {
        return found.error();
    }
    out.table = Table{.name = "planlagt",
                      .title = {"Planlagt de neste 14 dagene", "Planlagt dei neste 14 dagane"},
                      .columns = {{"at", {"Tidligst", "Tidlegast"}},
                                  {"to", {"Mottaker", "Mottakar"}},
                                  {"what", {"Hva", "Kva"}},
                                  {"step", {"Trinn", "Trinn"}},
                                  {"organisation", {"Gjelder", "Gjeld"}},
                                  {"case", {"Sak", "Sak"}}},
                      .rows = {}};
    if (may_choose(view)) {
        out.table->columns.push_back({"actions", {"Gjør", "Gjer"}, Column::Where::Page});
    }
    for (const PlannedSend& one : found.value()) {
        std::string names;
        for (const auto& to : one.step.to) {
            names += (names.empty() ? "" : ", ") + (to.name.empty() ? to.address : to.name);
        }
        out.table->rows.push_back(
            {one.step.at, names, view.in(words_of_notice(one.step.notice)),
             view.in(words_of_step(one.step.step, context_of(one.item, *view.definitions).ladder)),
             Cell{organisation_name(one.item.debtor, *view.definitions),
                  organisation_link(view, one.item.debtor)},
             Cell{one.item.id, case_link(view, one.item)}});
        if (may_choose(view)) {
            out.table->rows.back().emplace_back(planned_actions(view, one));
        }
    }
    out.body.add(
        "<p class=\"ds-paragraph\">{}</p>\n",
        view.pick("Dette går hvis ingenting endrer seg. Om det fortsatt trengs, avgjøres i "
                  "det øyeblikket det sendes.",
                  "Dette går dersom ingenting endrar seg. Om det framleis trengst, blir "
                  "avgjort i den augneblinken det blir sendt."));
    if (!out.table->rows.empty()) {
        out.body.add(draw(view, *out.table));
        return out;
    }
    Html next = html("{}", view.pick("Ingenting er planlagt de neste 14 dagene.",
                                     "Ingenting er planlagt dei neste 14 dagane."));
    if (view.health.wake_at) {
        next.add(" {} {}.", view.pick("Neste gang noe skjer:", "Neste gong noko skjer:"),
                 long_time(*view.health.wake_at, view.definitions->time_zone(), view.language));
    }
    out.body.add("<p class=\"ds-paragraph\">{}</p>\n", next);
    return out;
}

/// What the database that was lost may have sent; who looks marks it at the command line.
Html restored_section(const View& view, const std::vector<StoredMessage>& doubtful) {
    Html out;
    out.add(
        "<section aria-labelledby=\"gjenopprettet\">\n<h2 class=\"ds-heading\" "
        "data-size=\"sm\" id=\"gjenopprettet\">{}</h2>\n<p class=\"ds-paragraph\">{} {}. {}</p>\n",
        view.pick("Kan være sendt allerede", "Kan vere sendt allereie"),
        view.pick("Databasen ble gjenopprettet fra en sikkerhetskopi",
                  "Databasen vart gjenoppretta frå ein tryggingskopi"),
        long_time(*view.ledger.restored_at, view.definitions->time_zone(), view.language),
        view.pick("Det som ble sendt mellom kopien og da, vet den ikke om. Utsending er på vent "
                  "til noen har sett gjennom disse, merket dem som er sendt (fristvakt outbox "
                  "sent NUMMER), og sluppet resten (fristvakt outbox release).",
                  "Det som vart sendt mellom kopien og då, veit han ikkje om. Utsending er på "
                  "vent til nokon har sett gjennom desse, merkt dei som er sende (fristvakt "
                  "outbox sent NUMMER), og sleppt resten (fristvakt outbox release)."));
    out.add("<ul class=\"ds-list\">\n");
    for (const StoredMessage& stored : doubtful) {
        out.add("<li><a class=\"ds-link\" href=\"/utboks/{}\">{} {}: {}</a>, {}</li>\n",
                stored.message.number, view.pick("Nummer", "Nummer"), stored.message.number,
                subject_of(view, stored), person_name(view, stored.to));
    }
    out.add("</ul>\n{}</section>\n", doubtful.empty()
                                         ? html("<p class=\"ds-paragraph\">{}</p>\n",
                                                view.pick("Ingen meldinger.", "Ingen meldingar."))
                                         : Html{});
    return out;
}

/// Where every reminder stands, and whether counting them anew came to the same.
Html books_section(const View& view) {
    const workflows::Books& books = view.ledger.books;
    Html out;
    out.add(
        "<section aria-labelledby=\"regnskap\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
        "id=\"regnskap\">{}</h2>\n<dl class=\"fv-facts\">\n",
        view.pick("Regnskap", "Rekneskap"));
    const auto row = [&](std::string_view nb, std::string_view nn, std::int64_t count) {
        out.add("<dt>{}</dt><dd>{}</dd>\n", view.pick(nb, nn), count);
    };
    row("Planlagte påminnelser", "Planlagde påminningar", books.planned);
    row("Sendt", "Sende", books.sent);
    row("Holdt tilbake", "Haldne tilbake", books.held);
    row("Stanset", "Stansa", books.suppressed);
    row("Overtatt av noe senere", "Tekne over av noko seinare", books.superseded);
    row("Mislykket", "Mislukka", books.failed);
    row("Venter", "Ventar", books.waiting);
    if (const auto& statement = view.health.statement) {
        const auto at = long_time(statement->at, view.definitions->time_zone(), view.language);
        out.add("<dt>{}</dt><dd>{} {}</dd>\n", view.pick("Talt opp på nytt", "Talt opp på nytt"),
                statement->ok() ? tag("✓", view.pick("Stemmer", "Stemmer"), "success")
                                : tag("!", view.pick("Stemmer ikke", "Stemmer ikkje"), "danger"),
                at);
    }
    out.add("</dl>\n</section>\n");
    return out;
}

void add_fact(Html& out, std::string_view term, const Html& value) {
    if (!value.empty()) {
        out.add("<dt>{}</dt><dd>{}</dd>\n", term, value);
    }
}

Html plain(std::string_view text) {
    return text.empty() ? Html{} : html("{}", text);
}

Html facts(const View& view, const StoredMessage& stored) {
    const Message& message = stored.message;
    const workflows::TimeZone& zone = view.definitions->time_zone();
    Html copies;
    for (const Person& copy : stored.copies) {
        copies.add("{}{}", copies.empty() ? "" : ", ", person_name(view, copy));
    }
    Html out;
    out.add("<dl class=\"fv-facts\">\n");
    add_fact(out, view.pick("Tilstand", "Tilstand"),
             html("{} {}", state_tag(view, message.state), reason_text(view, message)));
    add_fact(out, view.pick("Når", "Når"), plain(long_time(time_of(message), zone, view.language)));
    add_fact(out, view.pick("Til", "Til"), plain(person_name(view, stored.to)));
    add_fact(out, view.pick("Kopi til", "Kopi til"), copies);
    add_fact(out, view.pick("Målform", "Målform"),
             plain(message.language == workflows::Language::Nb ? "bokmål" : "nynorsk"));
    add_fact(out, view.pick("Forsøk", "Forsøk"), html("{}", message.attempts));
    add_fact(out, view.pick("Gjelder", "Gjeld"), case_links(view, stored));
    out.add("</dl>\n");
    return out;
}

std::string headers_of(const std::string& bytes) {
    std::string out = bytes.substr(0, bytes.find("\r\n\r\n"));
    std::erase(out, '\r');
    return out;
}

Html as_sent(const View& view, const StoredMessage& stored) {
    Html out;
    if (!stored.rendered) {
        const bool settled = stored.message.settled_at.has_value();
        out.add("<p class=\"ds-paragraph\">{}</p>\n",
                settled ? view.pick("Innholdet er slettet, eller meldingen ble aldri skrevet.",
                                    "Innhaldet er sletta, eller meldinga vart aldri skriven.")
                        : view.pick("Meldingen skrives når den skal sendes.",
                                    "Meldinga blir skriven når ho skal sendast."));
        return out;
    }
    const std::string_view language = language_tag(stored.message.language);
    out.add(
        "<h2 class=\"ds-heading\" data-size=\"sm\" id=\"tekst\">{}</h2>\n"
        "<pre class=\"fv-text\" lang=\"{}\" tabindex=\"0\" aria-labelledby=\"tekst\">{}</pre>\n",
        view.pick("Tekst", "Tekst"), language, stored.rendered->text);
    out.add(
        "<h2 class=\"ds-heading\" data-size=\"sm\" id=\"html\">HTML</h2>\n"
        "<iframe class=\"fv-message\" sandbox src=\"/utboks/{}/html\" title=\"{}\" "
        "lang=\"{}\"></iframe>\n",
        stored.message.number, view.pick("Meldingen som HTML", "Meldinga som HTML"), language);
    if (!stored.bytes.empty()) {
        out.add(
            "<details class=\"ds-details\"><summary>{}</summary><pre class=\"fv-text\" "
            "tabindex=\"0\" aria-label=\"{}\">{}</pre></details>\n",
            view.pick("Meldingshoder, slik de ble sendt", "Meldingshovud, slik dei vart sende"),
            view.pick("Meldingshoder", "Meldingshovud"), headers_of(stored.bytes));
    }
    return out;
}

}  // namespace

PageResult outbox_page(View& view) {
    const std::string state = view.argument("tilstand");
    const std::string case_id = view.argument("sak");
    Content out;
    out.title = {"Utsendinger", "Utsendingar"};
    auto ways = tabs(view, state);
    if (!ways.ok()) {
        return ways.error();
    }
    out.body.add(outbox_flash(view));
    out.body.add(ways.value());
    out.body.add(outbox_actions(view));
    if (view.ledger.restored_at) {
        const auto doubtful = maybe_sent(*view.snapshot, view.ledger);
        if (!doubtful.ok()) {
            return doubtful.error();
        }
        out.body.add(restored_section(view, doubtful.value()));
    }
    if (state == "planlagt") {
        return planned_page(view, std::move(out));
    }
    workflows::MessageFilter filter;
    filter.case_id = case_id;
    filter.state = parse_message_state(state);
    filter.before_number =
        view.wants_file() ? 0 : parse_number(view.argument("eldre-enn")).value_or(0);
    const std::size_t rows_max = view.wants_file() ? kFileRowsMax : kRowsMax;
    filter.count_max = rows_max + 1;
    auto loaded = view.snapshot->messages(filter);
    if (!loaded.ok()) {
        return loaded.error();
    }
    std::vector<StoredMessage> messages = std::move(loaded).value();
    const bool has_more = messages.size() > rows_max;
    messages.resize(std::min(messages.size(), rows_max));
    out.table = empty_table(out.title);
    const bool has_actions = may_choose(view);
    if (has_actions) {
        out.table->columns.push_back({"actions", {"Gjør", "Gjer"}, Column::Where::Page});
    }
    for (const StoredMessage& stored : messages) {
        out.table->rows.push_back(row_of(view, stored));
        if (has_actions) {
            out.table->rows.back().emplace_back(message_row_actions(view, stored));
        }
    }
    out.body.add(filter_form(view, state, case_id));
    if (messages.empty()) {
        out.body.add("<p class=\"ds-paragraph\">{}</p>\n",
                     state.empty() && case_id.empty()
                         ? view.pick("Ingen meldinger ennå. Den første kommer når et trinn i en "
                                     "påminnelsesplan er inne.",
                                     "Ingen meldingar enno. Den første kjem når tida er inne for "
                                     "eit trinn i ein påminningsplan.")
                         : view.pick("Ingen treff. Velg «Alle» for å se alt.",
                                     "Ingen treff. Vel «Alle» for å sjå alt."));
        out.body.add(books_section(view));
        return out;
    }
    out.body.add(draw(view, *out.table));
    if (has_more) {
        out.body.add("<p><a class=\"ds-link\" href=\"/utboks{}\">{}</a></p>\n",
                     encode_query({{"tilstand", state},
                                   {"sak", case_id},
                                   {"eldre-enn", std::to_string(messages.back().message.number)}}),
                     view.pick("Eldre meldinger", "Eldre meldingar"));
    }
    out.body.add(books_section(view));
    return out;
}

PageResult message_page(View& view) {
    const auto number = parse_number(view.request.parameter("number"));
    if (!number) {
        return Error{ErrorKind::NotFound, "no such message"};
    }
    auto found = view.snapshot->message(*number);
    if (!found.ok()) {
        return found.error();
    }
    if (!found.value()) {
        return Error{ErrorKind::NotFound, "no such message"};
    }
    const StoredMessage& stored = *found.value();
    const std::string subject = subject_of(view, stored);
    Content out;
    out.title = {subject, subject};
    out.body.add("<p><a class=\"ds-link\" href=\"/utboks\">{}</a></p>\n",
                 view.pick("Til utsendingene", "Til utsendingane"));
    out.body.add(facts(view, stored));
    out.body.add(message_actions(view, stored));
    out.body.add(as_sent(view, stored));
    return out;
}

}  // namespace fristvakt::daemon
