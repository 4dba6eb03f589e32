#include <algorithm>

#include "daemon/access/rights.hpp"
#include "daemon/http/url.hpp"
#include "daemon/web/actions/action.hpp"
#include "daemon/web/actions/choosing.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/due_list.hpp"
#include "daemon/web/outbox_text.hpp"
#include "daemon/web/words.hpp"
#include "workflows/decision/meeting.hpp"
#include "workflows/decision/openings.hpp"
#include "workflows/model/digest.hpp"

/// I dag: what needs action, most urgent first; then what goes out next.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::Date;
using workflows::Instant;
using workflows::MessageState;
using workflows::RefusedAddresses;
using workflows::Result;
using workflows::StoredMessage;

namespace {

constexpr std::size_t kRowsMax{10};
constexpr std::size_t kCountMax{10'000};

using Where = Column::Where;
using Rows = std::vector<std::vector<Cell>>;

/// The page in the making: each part adds its section, and what it counted.
class Today {
 public:
    explicit Today(View& view)
        : view_(view), refused_(refused_addresses(view.ledger, *view.definitions)) {}

    Result<Content> draw_all();

 private:
    using Part = workflows::Status (Today::*)();
    workflows::Status overdue();
    workflows::Status waits_for_us();
    workflows::Status not_delivered();
    workflows::Status held();
    workflows::Status unreachable();
    workflows::Status due_soon();
    workflows::Status goes_out();
    [[nodiscard]] Result<std::vector<PlannedSend>> planned_next(Instant until) const;
    workflows::Status calm();

    /// `count` counts all, `table` shows the first of them.
    void add(const Table& table, std::int64_t count, const std::string& all);
    [[nodiscard]] Result<std::int64_t> count(const workflows::DueFilter& filter);
    [[nodiscard]] Cell organisation(const Case& item) const {
        return {organisation_name(item.debtor, *view_.definitions),
                organisation_link(view_, item.debtor)};
    }
    [[nodiscard]] Cell requirement(const Case& item) const {
        return {view_.in(case_title(item, *view_.definitions)), case_link(view_, item)};
    }
    /// The forms of the first of what can be done in the case, of `events`.
    [[nodiscard]] Cell actions(const Case& item, std::initializer_list<const char*> events) const;
    [[nodiscard]] std::string pick(std::string_view nb, std::string_view nn) const {
        return std::string{view_.pick(nb, nn)};
    }

    View& view_;
    RefusedAddresses refused_;
    Html body_;
    std::int64_t to_do_{0};  ///< What somebody should do something about.
};

void Today::add(const Table& table, std::int64_t count, const std::string& all) {
    body_.add(
        "<section aria-labelledby=\"{}\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
        "id=\"{}\">{} <span class=\"fv-count\">{}{}</span></h2>\n",
        table.name, table.name, view_.in(table.title), count,
        count >= static_cast<std::int64_t>(kCountMax) ? "+" : "");
    const bool has_boxes = table.columns.front().where == Where::Choice;
    body_.add(has_boxes ? choosing(view_, table.name, draw(view_, table)) : draw(view_, table));
    if (count > static_cast<std::int64_t>(table.rows.size()) && !all.empty()) {
        body_.add("<p><a class=\"ds-link\" href=\"{}\">{} ({}): {}</a></p>\n", all,
                  view_.pick("Vis alle", "Vis alle"), count, view_.in(table.title));
    }
    body_.add("</section>\n");
}

Result<std::int64_t> Today::count(const workflows::DueFilter& filter) {
    workflows::DueFilter all = filter;
    all.count_max = kCountMax;
    return view_.snapshot->count_due(all);
}

workflows::Status Today::overdue() {
    workflows::DueFilter filter;
    filter.states = states_of(*view_.definitions, StateKind::WaitsForDebtor);
    filter.until = view_.now() + workflows::Seconds{1};
    auto found = list_due(view_, filter, "", kRowsMax, [](const Case&, const CaseStatus& status) {
        return status.kind == StatusKind::Overdue;
    });
    auto all = count(filter);
    if (!found.ok() || !all.ok()) {
        return found.ok() ? all.error() : found.error();
    }
    Table table{.name = "forfalt",
                .title = {"Forfalt uten svar", "Forfalle utan svar"},
                .columns = {choice_column(),
                            {"organisation", {"Kommune", "Kommune"}},
                            {"requirement", {"Krav", "Krav"}},
                            {"days_over", {"Dager over", "Dagar over"}},
                            {"last_sent", {"Siste påminnelse", "Siste påminning"}},
                            {"contact", {"Kontaktperson", "Kontaktperson"}},
                            {"responsible", {"Ansvarlig", "Ansvarleg"}},
                            {"actions", {"Gjør", "Gjer"}, Where::Page}},
                .rows = {}};
    for (const DueCase& one : found.value().cases) {
        auto known = reminding_of(view_, one.item, refused_);
        if (!known.ok()) {
            return known.error();
        }
        const auto& sent = known.value().last_sent_at;
        table.rows.push_back({choice_cell(view_, table.name, one.item), organisation(one.item),
                              requirement(one.item),
                              tag(one.status.sign, view_.in(one.status.detail), one.status.color),
                              sent ? Cell{view_.definitions->time_zone().date_of(*sent)}
                                   : Cell{html("{}", pick("ingen", "inga"))},
                              Cell{contact_text(view_, contact_of(one.item, *view_.definitions,
                                                                  view_.today(), refused_))},
                              responsible_names(one.item, *view_.definitions, view_.today()),
                              actions(one.item, {"sent_now", "more_time_given", "received"})});
    }
    if (!table.rows.empty()) {
        // Those who have asked for more time are counted too, but stand in a list of their own.
        const auto shown = static_cast<std::int64_t>(table.rows.size());
        const auto number = found.value().next.empty() ? shown : all.value();
        to_do_ += number;
        add(table, number, "/frister?status=overdue");
    }
    return workflows::Done{};
}

Cell Today::actions(const Case& item, std::initializer_list<const char*> events) const {
    if (!may(view_.visitor(), Right::Act, item, *view_.definitions)) {
        return {};
    }
    const auto reminders = view_.snapshot->reminders_of(item.id);
    if (!reminders.ok()) {
        return {};  // The case's own page says what is wrong.
    }
    const auto possible =
        possible_actions(item, reminders.value(), *view_.definitions, view_.now());
    Html links;
    for (const char* event : events) {
        if (const Action* const action = find_action(possible, event)) {
            const std::string word = view_.in(action->title);
            links.add(
                "{}<a class=\"ds-link\" href=\"/sak/{}/handling/{}\" aria-label=\"{}: {}\">{}</a>",
                links.empty() ? Html{} : html("<br>"), encode_path(item.id), event, word,
                organisation_name(item.debtor, *view_.definitions), word);
        }
    }
    return Cell{std::move(links)};
}

/// A claim to be looked up, a request to be answered: somebody waits for us.
workflows::Status Today::waits_for_us() {
    workflows::DueFilter filter;
    filter.states = states_of(*view_.definitions, StateKind::WaitsForUsInTerm);
    std::vector<DueCase> all;
    for (const bool without_deadline : {false, true}) {
        filter.without_deadline = without_deadline;
        auto found =
            list_due(view_, filter, "", 5 * kRowsMax, [&](const Case& item, const CaseStatus&) {
                return !workflows::is_far_off(item, context_of(item, *view_.definitions),
                                              view_.today());
            });
        if (!found.ok()) {
            return found.error();
        }
        all.insert(all.end(), found.value().cases.begin(), found.value().cases.end());
    }
    if (all.empty()) {
        return workflows::Done{};
    }
    std::ranges::stable_sort(all, {}, [](const DueCase& one) {
        return one.item.state_deadline ? one.item.state_deadline->ends_at : Instant::max();
    });
    Table table{.name = "venter",
                .title = {"Venter på oss", "Ventar på oss"},
                .columns = {choice_column(),
                            {"organisation", {"Kommune", "Kommune"}},
                            {"requirement", {"Krav", "Krav"}},
                            {"status", {"Hva", "Kva"}},
                            {"since", {"Siden", "Sidan"}},
                            {"days_waited", {"Dager ventet", "Dagar venta"}},
                            {"answer_by", {"Svar innen", "Svar innan"}},
                            {"responsible", {"Ansvarlig", "Ansvarleg"}},
                            {"actions", {"Gjør", "Gjer"}, Where::Page}},
                .rows = {}};
    for (const DueCase& one : all) {
        if (table.rows.size() == kRowsMax) {
            break;
        }
        const Date since = view_.definitions->time_zone().date_of(one.item.entered_at);
        table.rows.push_back(
            {choice_cell(view_, table.name, one.item), organisation(one.item),
             requirement(one.item),
             tag(one.status.sign, view_.in(words_of_state(one.item, *view_.definitions)),
                 one.status.color),
             since, static_cast<std::int64_t>((view_.today() - since).count()),
             one.item.state_deadline ? Cell{one.item.state_deadline->date} : Cell{},
             responsible_names(one.item, *view_.definitions, view_.today()),
             actions(one.item,
                     {"received", "confirmed", "not_found", "granted", "declined", "invited",
                      "agenda_sent", "held", "minutes_sent", "without_minutes"})});
    }
    to_do_ += static_cast<std::int64_t>(all.size());
    add(table, static_cast<std::int64_t>(all.size()), "/frister?status=claimed");
    return workflows::Done{};
}

workflows::Status Today::not_delivered() {
    workflows::MessageFilter filter;
    filter.state = MessageState::Failed;
    auto found = view_.snapshot->messages(filter);
    if (!found.ok()) {
        return found.error();
    }
    Table table{.name = "feilet",
                .title = {"E-post som ikke kom fram", "E-post som ikkje kom fram"},
                .columns = {{"subject", {"Melding", "Melding"}},
                            {"to", {"Til", "Til"}},
                            {"why", {"Hva som skjedde", "Kva som hende"}},
                            {"at", {"Når", "Når"}}},
                .rows = {}};
    constexpr workflows::cal::days kNews{7};
    std::int64_t count{0};
    for (const StoredMessage& stored : found.value()) {
        // An address that is still in use has to be mended; anything else is news for a week.
        const bool is_news = time_of(stored.message) > view_.now() - kNews;
        if (!is_news && !refused_.contains(workflows::lower_case(stored.to.address))) {
            continue;
        }
        ++count;
        if (table.rows.size() < kRowsMax) {
            table.rows.push_back({Cell{message_link(view_, stored)}, person_name(view_, stored.to),
                                  reason_text(view_, stored.message), time_of(stored.message)});
        }
    }
    if (count > 0) {
        to_do_ += count;
        add(table, count, "/utboks?tilstand=failed");
    }
    return workflows::Done{};
}

workflows::Status Today::held() {
    auto outbox = view_.snapshot->outbox();
    if (!outbox.ok()) {
        return outbox.error();
    }
    const auto held = outbox.value().messages.find(MessageState::Held);
    if (held != outbox.value().messages.end() && held->second > 0) {
        to_do_ += held->second;
        body_.add(
            "<section aria-labelledby=\"holdt\">\n<h2 class=\"ds-heading\" data-size=\"sm\" "
            "id=\"holdt\">{} <span class=\"fv-count\">{}</span></h2>\n"
            "<p class=\"ds-paragraph\">{} <a class=\"ds-link\" "
            "href=\"/utboks?tilstand=held\">{}</a></p>\n</section>\n",
            pick("Holdt tilbake", "Haldne tilbake"), held->second,
            pick("Disse meldingene går ikke før noen slipper dem fri.",
                 "Desse meldingane går ikkje før nokon slepper dei fri."),
            pick("Se meldingene som holdes tilbake", "Sjå meldingane som blir haldne tilbake"));
    }
    return workflows::Done{};
}

/// Participants of what runs now at whom nobody can be written to.
workflows::Status Today::unreachable() {
    Table table{.name = "uten-kontakt",
                .title = {"Uten kontaktperson", "Utan kontaktperson"},
                .columns = {{"organisation", {"Kommune", "Kommune"}},
                            {"contact", {"Kontakt", "Kontakt"}},
                            {"post", {"Postmottak", "Postmottak"}}},
                .rows = {}};
    std::int64_t count{0};
    for (const workflows::Cohort& cohort : view_.definitions->cohorts) {
        if (cohort.requirements.empty() || view_.today() < cohort.from ||
            view_.today() > cohort.to) {
            continue;
        }
        Case about;
        about.cohort = cohort.id;
        about.requirement = cohort.requirements.front().id;
        about.workflow = cohort.requirements.front().workflow;
        about.creditor = cohort.creditor;
        for (const workflows::Participant& participant : cohort.participants) {
            about.debtor = participant.organisation;
            const ContactSummary contact =
                contact_of(about, *view_.definitions, view_.today(), refused_);
            if (contact.state == ContactState::Known || ++count > static_cast<int>(kRowsMax)) {
                continue;
            }
            const auto* const known = view_.definitions->find_organisation(about.debtor);
            table.rows.push_back({organisation(about), Cell{contact_text(view_, contact)},
                                  known == nullptr ? std::string{} : known->email});
        }
    }
    if (count > 0) {
        to_do_ += count;
        add(table, count, "/oversikt?uten-kontakt=1");
    }
    return workflows::Done{};
}

workflows::Status Today::due_soon() {
    workflows::DueFilter filter;
    filter.states = states_of(*view_.definitions, StateKind::WaitsForDebtor);
    filter.from = view_.now() + workflows::Seconds{1};
    filter.until = view_.now() + workflows::cal::days{8};
    auto found =
        list_due(view_, filter, "", kRowsMax, [](const Case&, const CaseStatus&) { return true; });
    auto all = count(filter);
    if (!found.ok() || !all.ok()) {
        return found.ok() ? all.error() : found.error();
    }
    Table table{.name = "snart",
                .title = {"Frister de neste sju dagene", "Fristar dei neste sju dagane"},
                .columns = {choice_column(),
                            {"organisation", {"Kommune", "Kommune"}},
                            {"requirement", {"Krav", "Krav"}},
                            {"due", {"Frist", "Frist"}},
                            {"status", {"Status", "Status"}},
                            {"contact", {"Kontaktperson", "Kontaktperson"}}},
                .rows = {}};
    for (const DueCase& one : found.value().cases) {
        table.rows.push_back({choice_cell(view_, table.name, one.item), organisation(one.item),
                              requirement(one.item), one.item.due->date,
                              Cell{status_tag(view_, one.item, one.status)},
                              Cell{contact_text(view_, contact_of(one.item, *view_.definitions,
                                                                  view_.today(), refused_))}});
    }
    if (!table.rows.empty()) {
        add(table, all.value(), "/frister");
    }
    return workflows::Done{};
}

/// Until `until`; when there is nothing, what goes on the first day after it.
Result<std::vector<PlannedSend>> Today::planned_next(Instant until) const {
    constexpr workflows::cal::days kFar{120};
    auto planned = planned_sends(view_, until, 5 * kRowsMax, refused_);
    if (!planned.ok() || !planned.value().empty()) {
        return planned;
    }
    planned = planned_sends(view_, until + kFar, 5 * kRowsMax, refused_);
    if (!planned.ok() || planned.value().empty()) {
        return planned;
    }
    std::vector<PlannedSend> later = std::move(planned).value();
    const workflows::TimeZone& zone = view_.definitions->time_zone();
    const Date first = zone.date_of(later.front().step.at);
    std::erase_if(later,
                  [&](const PlannedSend& one) { return zone.date_of(one.step.at) != first; });
    return later;
}

workflows::Status Today::goes_out() {
    const workflows::TimeZone& zone = view_.definitions->time_zone();
    const auto& window = view_.definitions->installation.send_window;
    // To the end of the next day on which anything may go.
    const auto day = sending_day_on_or_after(window, view_.today() + workflows::cal::days{1});
    const Instant until = zone.start_of_day(day.value_or(view_.today()) + workflows::cal::days{1});
    workflows::MessageFilter filter;
    filter.state = MessageState::Waiting;
    auto waiting = view_.snapshot->messages(filter);
    auto planned = planned_next(until);
    if (!waiting.ok() || !planned.ok()) {
        return waiting.ok() ? planned.error() : waiting.error();
    }
    struct Line {
        Instant at;
        std::vector<Cell> cells;
    };
    std::vector<Line> lines;
    for (const StoredMessage& stored : waiting.value()) {
        const Instant at = time_of(stored.message);
        lines.push_back(
            {at, {at, person_name(view_, stored.to), Cell{message_link(view_, stored)}, Cell{}}});
    }
    for (const PlannedSend& one : planned.value()) {
        std::string names;
        for (const auto& to : one.step.to) {
            names += (names.empty() ? "" : ", ") + (to.name.empty() ? to.address : to.name);
        }
        const auto* const ladder = context_of(one.item, *view_.definitions).ladder;
        lines.push_back({one.step.at,
                         {one.step.at, names,
                          Cell{html("{}: {} – {}", view_.in(words_of_notice(one.step.notice)),
                                    case_link(view_, one.item),
                                    organisation_name(one.item.debtor, *view_.definitions))},
                          view_.in(words_of_step(one.step.step, ladder))}});
    }
    std::ranges::stable_sort(lines, {}, &Line::at);
    const bool is_later = !lines.empty() && lines.front().at > until;
    Table table{.name = "gaar-ut",
                .title = is_later ? workflows::Text{"Går ut neste gang", "Går ut neste gong"}
                                  : workflows::Text{"Går ut i dag og neste sendedag",
                                                    "Går ut i dag og neste sendedag"},
                .columns = {{"at", {"Når", "Når"}},
                            {"to", {"Mottaker", "Mottakar"}},
                            {"what", {"Hva", "Kva"}},
                            {"step", {"Trinn", "Trinn"}}},
                .rows = {}};
    for (Line& line : lines) {
        if (table.rows.size() < kRowsMax) {
            table.rows.push_back(std::move(line.cells));
        }
    }
    if (!table.rows.empty()) {
        add(table, static_cast<std::int64_t>(lines.size()), "/utboks?tilstand=planlagt");
    }
    return workflows::Done{};
}

/// Nothing to do is good news, and never the last word: says what happens next.
workflows::Status Today::calm() {
    workflows::DueFilter filter;
    filter.states = states_of(*view_.definitions, StateKind::WaitsForDebtor);
    filter.from = view_.now() + workflows::Seconds{1};
    auto found =
        list_due(view_, filter, "", 1, [](const Case&, const CaseStatus&) { return true; });
    if (!found.ok()) {
        return found.error();
    }
    Html words = html("{}", pick("Ingenting krever handling nå.", "Ingenting krev handling no."));
    if (!found.value().cases.empty()) {
        const Case& next = found.value().cases.front().item;
        words.add(" {} {}: {}.", pick("Neste frist er", "Neste frist er"),
                  workflows::long_date(next.due->date, view_.language),
                  requirement_link(view_, next));
    } else {
        const auto first = view_.ledger.first_start_at.value_or(view_.now());
        const auto openings =
            openings_of(*view_.definitions, view_.definitions->time_zone().date_of(first));
        const auto next = std::ranges::find_if(
            openings, [&](const workflows::Opening& one) { return one.opens > view_.today(); });
        if (next != openings.end()) {
            words.add(" {} {}: {}.", pick("Neste krav åpner", "Neste krav opnar"),
                      workflows::long_date(next->opens, view_.language),
                      view_.in(next->requirement->title));
        } else {
            words.add(" {}", pick("Ingen flere krav åpner med dette oppsettet. Legg en ny fil i "
                                  "programmes/.",
                                  "Ingen fleire krav opnar med dette oppsettet. Legg ei ny fil i "
                                  "programmes/."));
        }
    }
    Html first = html("<p class=\"ds-alert\" data-color=\"success\" id=\"rolig\">{}</p>\n", words);
    first.add(body_);
    body_ = std::move(first);
    return workflows::Done{};
}

Result<Content> Today::draw_all() {
    for (const Part part : {&Today::overdue, &Today::waits_for_us, &Today::not_delivered,
                            &Today::held, &Today::unreachable}) {
        if (const auto done = (this->*part)(); !done.ok()) {
            return done.error();
        }
    }
    if (to_do_ == 0) {
        if (const auto done = calm(); !done.ok()) {
            return done.error();
        }
    }
    for (const Part part : {&Today::due_soon, &Today::goes_out}) {
        if (const auto done = (this->*part)(); !done.ok()) {
            return done.error();
        }
    }
    Content out;
    out.title = {"I dag", "I dag"};
    out.body = std::move(body_);
    return out;
}

}  // namespace

PageResult today_page(View& view) {
    return Today{view}.draw_all();
}

}  // namespace fristvakt::daemon
