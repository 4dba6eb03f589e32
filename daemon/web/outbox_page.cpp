#include <algorithm>
#include <array>

#include "daemon/http/url.hpp"
#include "daemon/web/maybe_sent.hpp"
#include "daemon/web/view.hpp"
#include "daemon/web/words.hpp"

/// Utboks: each message as it was sent, or why it was not.
namespace fristvakt::daemon {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::Message;
using workflows::MessageState;
using workflows::Person;
using workflows::StoredMessage;

namespace {

constexpr std::size_t kRowsMax{100};

constexpr std::array kStates{
    MessageState::Waiting, MessageState::Sending, MessageState::Sent,      MessageState::Held,
    MessageState::Failed,  MessageState::Dropped, MessageState::Uncertain,
};

/// When it went, when it is to go, or when it was made.
Instant time_of(const Message& message) {
    return message.settled_at.value_or(message.next_at.value_or(message.slot_at));
}

std::string person_name(const View& view, const Person& person) {
    if (person.address.empty()) {
        return std::string{view.pick("(slettet)", "(sletta)")};
    }
    return person.name.empty() ? person.address : person.name + " <" + person.address + ">";
}

/// The subject as written; before that what it will be about.
std::string subject_of(const View& view, const StoredMessage& stored) {
    if (stored.rendered && !stored.rendered->subject.empty()) {
        return stored.rendered->subject;
    }
    const auto about = [&](const std::string& notice, const std::string& case_id) {
        return view.in(words_of_notice(notice)) + ": " + case_id;
    };
    if (!stored.message.told.empty()) {
        return about(stored.message.told.front().notice, stored.message.told.front().case_id);
    }
    if (!stored.reminders.empty()) {
        return about(stored.reminders.front().notice, stored.reminders.front().case_id);
    }
    return std::string{view.pick("(ingen innhold igjen)", "(ikkje noko innhald igjen)")};
}

std::string reason_text(const View& view, const Message& message) {
    std::string out = view.in(words_of(message.reason));
    if (!message.reply.empty()) {
        out += (out.empty() ? "" : ": ") + message.reply;
    }
    return out;
}

Html state_tag(const View& view, MessageState state) {
    const MessageLook look = look_of(state);
    return tag(look.sign, view.in(look.word), look.color);
}

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

Html list(const View& view, const std::vector<StoredMessage>& messages) {
    Html out;
    out.add(
        "<div class=\"fv-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n"
        "<table class=\"ds-table\" data-size=\"sm\"><thead><tr><th scope=\"col\">{}</th>"
        "<th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
        "<th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        view.pick("Meldinger", "Meldingar"), view.pick("Når", "Når"), view.pick("Til", "Til"),
        view.pick("Emne", "Emne"), view.pick("Tilstand", "Tilstand"), view.pick("Grunn", "Grunn"));
    for (const StoredMessage& stored : messages) {
        const Message& message = stored.message;
        out.add(
            "<tr><td>{}</td><td>{}</td><th scope=\"row\"><a class=\"ds-link\" "
            "href=\"/utboks/{}\">{}</a></th><td>{}</td><td>{}</td></tr>\n",
            short_time(time_of(message), view.definitions->time_zone()),
            person_name(view, stored.to), message.number, subject_of(view, stored),
            state_tag(view, message.state), reason_text(view, message));
    }
    out.add("</tbody></table>\n</div>\n");
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

Html case_links(const View& view, const StoredMessage& stored) {
    Html out;
    const auto add = [&](const std::string& case_id, const std::string& notice) {
        out.add("{}<a class=\"ds-link\" href=\"/sak/{}\">{}</a> ({})",
                out.empty() ? Html{} : html("<br>"), encode_path(case_id), case_id,
                view.in(words_of_notice(notice)));
    };
    for (const auto& told : stored.message.told) {
        add(told.case_id, told.notice);
    }
    for (const workflows::Reminder& reminder : stored.reminders) {
        add(reminder.case_id, reminder.notice);
    }
    return out;
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
    workflows::MessageFilter filter;
    filter.case_id = case_id;
    filter.state = parse_message_state(state);
    filter.before_number = parse_number(view.argument("eldre-enn")).value_or(0);
    filter.count_max = kRowsMax + 1;
    auto loaded = view.snapshot->messages(filter);
    if (!loaded.ok()) {
        return loaded.error();
    }
    std::vector<StoredMessage> messages = std::move(loaded).value();
    const bool has_more = messages.size() > kRowsMax;
    messages.resize(std::min(messages.size(), kRowsMax));
    Content out;
    out.title = {"Utboks", "Utboks"};
    const auto doubtful = maybe_sent(*view.snapshot, view.ledger);
    if (!doubtful.ok()) {
        return doubtful.error();
    }
    if (view.ledger.restored_at) {
        out.body.add(restored_section(view, doubtful.value()));
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
    out.body.add(list(view, messages));
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
                 view.pick("Til utboksen", "Til utboksen"));
    out.body.add(facts(view, stored));
    out.body.add(as_sent(view, stored));
    return out;
}

}  // namespace fristvakt::daemon
