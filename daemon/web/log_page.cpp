#include <algorithm>
#include <array>

#include "daemon/http/url.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/entry_text.hpp"
#include "daemon/web/words.hpp"
#include "workflows/model/digest.hpp"

/// Hendelseslogg: everything that happened, newest first; nothing in it can be changed.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::HistoryEntry;

namespace {

constexpr std::size_t kRowsMax{100};
constexpr std::size_t kFileRowsMax{10'000};
constexpr std::size_t kCasesMax{2'000};
constexpr int kPagesMax{50};

struct Choice {
    std::string_view id;
    std::string_view nb;
    std::string_view nn;
    std::vector<std::string> kinds;
};
const std::vector<Choice>& choices() {
    static const std::vector<Choice> kAll{
        {"",
         "Alt",
         "Alt",
         {"event", "settled", "told", "message", "configuration", "configuration_used", "hold",
          "release", "released", "copy_refused", "not_taken", "tested", "card_confirmed"}},
        {"hendelser", "Hendelser i saker", "Hendingar i saker", {"event", "not_taken"}},
        {"paaminnelser",
         "Påminnelser og beskjeder",
         "Påminningar og beskjedar",
         {"settled", "told"}},
        {"meldinger", "Meldinger ut", "Meldingar ut", {"message", "copy_refused"}},
        {"drift",
         "Oppsett og utsending",
         "Oppsett og utsending",
         {"configuration", "configuration_used", "hold", "release", "released", "tested",
          "card_confirmed"}},
    };
    return kAll;
}

const Choice& chosen(const View& view) {
    const auto& all = choices();
    const auto found = std::ranges::find(all, view.argument("slag"), &Choice::id);
    return found == all.end() ? all.front() : *found;
}

/// Who may stand behind an entry; "via link" will be the debtors' too.
struct Actors {
    std::string_view id;
    std::string_view nb;
    std::string_view nn;
    std::vector<workflows::Actor> actors;
};
const std::vector<Actors>& actor_choices() {
    using workflows::Actor;
    static const std::vector<Actors> kAll{
        {"", "Alle", "Alle", {}},
        {"oss", "Oss", "Oss", {Actor::Creditor}},
        {"dem", "Dem som skal levere", "Dei som skal levere", {Actor::Debtor}},
        {"innkalte", "Dem som er innkalt", "Dei som er innkalla", {Actor::Attendee}},
        {"driften", "Driften", "Drifta", {Actor::Operator}},
        {"fristvakt",
         "fristvakt selv",
         "fristvakt sjølv",
         {Actor::Clock, Actor::Configuration, Actor::Child, Actor::Parent}},
    };
    return kAll;
}

/// Whether the entry is one of those that the form asks for, by who stands behind it.
bool takes(const View& view, const workflows::LogEntry& entry) {
    const auto found = std::ranges::find(actor_choices(), view.argument("hvem"), &Actors::id);
    if (found != actor_choices().end() && !found->actors.empty()) {
        const auto actor = workflows::parse_actor(entry.actor);
        const bool is_ours =
            std::ranges::any_of(found->actors, [&](workflows::Actor one) { return actor == one; });
        const bool is_by_hand = entry.data.contains("registered_by") && found->id == "oss";
        const bool is_nobody = !actor && found->id == "fristvakt";
        if (!is_ours && !is_by_hand && !is_nobody) {
            return false;
        }
    }
    const std::string name = workflows::lower_case(view.argument("navn"));
    const auto who = entry.aside.find("who");
    return name.empty() || (who != entry.aside.end() &&
                            workflows::lower_case(who->second).find(name) != std::string::npos);
}

/// All that owe something here, by name.
Html organisations(const View& view) {
    std::vector<std::pair<std::string, std::string>> known;
    for (const workflows::Cohort& cohort : view.definitions->cohorts) {
        for (const workflows::Participant& one : cohort.participants) {
            known.emplace_back(organisation_name(one.organisation, *view.definitions),
                               one.organisation);
        }
    }
    std::ranges::sort(known, [](const auto& a, const auto& b) {
        return a.first != b.first ? comes_before(a.first, b.first) : a.second < b.second;
    });
    known.erase(std::unique(known.begin(), known.end()), known.end());
    Html out = html("<option value=\"\">{}</option>", view.pick("Alle", "Alle"));
    for (const auto& [name, id] : known) {
        out.add("<option value=\"{}\"{}>{}</option>", id,
                id == view.argument("organisasjon") ? html(" selected") : Html{}, name);
    }
    return out;
}

Html form(const View& view) {
    Html kinds;
    for (const Choice& one : choices()) {
        kinds.add("<option value=\"{}\"{}>{}</option>", one.id,
                  &one == &chosen(view) ? html(" selected") : Html{}, view.pick(one.nb, one.nn));
    }
    Html cohorts = html("<option value=\"\">{}</option>", view.pick("Alle", "Alle"));
    for (const workflows::Cohort& cohort : view.definitions->cohorts) {
        cohorts.add("<option value=\"{}\"{}>{}</option>", cohort.id,
                    cohort.id == view.argument("pulje") ? html(" selected") : Html{}, cohort.id);
    }
    Html actors;
    for (const Actors& one : actor_choices()) {
        actors.add("<option value=\"{}\"{}>{}</option>", one.id,
                   one.id == view.argument("hvem") ? html(" selected") : Html{},
                   view.pick(one.nb, one.nn));
    }
    Html out;
    out.add(
        "<form class=\"fv-filter\" id=\"filter\" method=\"get\" action=\"/hendelser\">\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-hvem\">{}</label>"
        "<select class=\"ds-input\" id=\"f-hvem\" name=\"hvem\">{}</select></div>\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-navn\">{}</label>"
        "<input class=\"ds-input\" id=\"f-navn\" name=\"navn\" value=\"{}\"></div>\n",
        view.pick("Hvem", "Kven"), actors, view.pick("Navn", "Namn"), view.argument("navn"));
    out.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-slag\">{}</label>"
        "<select class=\"ds-input\" id=\"f-slag\" name=\"slag\">{}</select></div>\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-pulje\">{}</label>"
        "<select class=\"ds-input\" id=\"f-pulje\" name=\"pulje\">{}</select></div>\n",
        view.pick("Hva", "Kva"), kinds, view.pick("Pulje", "Pulje"), cohorts);
    out.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-organisasjon\">{}</label>"
        "<select class=\"ds-input\" id=\"f-organisasjon\" name=\"organisasjon\">{}</select></div>\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-fra\">{}</label>"
        "<input class=\"ds-input\" type=\"date\" id=\"f-fra\" name=\"fra\" value=\"{}\"></div>\n",
        view.pick("Organisasjon", "Organisasjon"), organisations(view),
        view.pick("Fra og med", "Frå og med"), view.argument("fra"));
    out.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-til\">{}</label>"
        "<input class=\"ds-input\" type=\"date\" id=\"f-til\" name=\"til\" value=\"{}\"></div>\n"
        "<button class=\"ds-button\" type=\"submit\">{}</button>\n</form>\n",
        view.pick("Til og med", "Til og med"), view.argument("til"), view.pick("Vis", "Vis"));
    return out;
}

Table empty_table() {
    using Where = Column::Where;
    return {.name = "hendelseslogg",
            .title = {"Hendelseslogg", "Hendingslogg"},
            .columns = {{"at", {"Tid", "Tid"}},
                        {"who", {"Hvem", "Kven"}},
                        {"what", {"Hva", "Kva"}},
                        {"about", {"Gjelder", "Gjeld"}},
                        {"change", {"Før → etter", "Før → etter"}, Where::Page},
                        {"batch", {"Parti", "Parti"}},
                        {"before", {"Før", "Før"}, Where::File},
                        {"after", {"Etter", "Etter"}, Where::File},
                        {"sequence", {"Nr.", "Nr."}}},
            .rows = {}};
}

/// Markup as words: what stands between the tags.
std::string words_in(const Html& markup) {
    std::string out;
    bool in_tag{false};
    for (const char letter : markup.str()) {
        in_tag = letter == '<' || (in_tag && letter != '>');
        if (!in_tag && letter != '>') {
            out += letter;
        }
    }
    for (const auto& [from, to] : std::array<std::pair<std::string_view, char>, 5>{
             {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&amp;", '&'}}}) {
        for (std::size_t at = out.find(from); at != std::string::npos;
             at = out.find(from, at + 1)) {
            out.replace(at, from.size(), 1, to);
        }
    }
    return out;
}

class LogPageMaker {
 public:
    explicit LogPageMaker(View& view) : view_(view) {}

    /// Unavailable: a case could not be read.
    workflows::Status add(const HistoryEntry& one, Table& table) {
        const workflows::LogEntry& entry = one.entry;
        const Case* item = nullptr;
        if (!entry.case_id.empty()) {
            auto found = case_of(entry.case_id);
            if (!found.ok()) {
                return found.error();
            }
            item = found.value();
        }
        const Html text =
            item == nullptr ? entry_text(view_, entry) : entry_text(view_, *item, {}, entry);
        if (text.empty()) {
            return workflows::Done{};
        }
        const auto state = [&](const std::string& name) {
            return item == nullptr || name.empty()
                       ? name
                       : view_.in(words_of_state(name, *item, *view_.definitions));
        };
        const std::string before = state(entry.from);
        const std::string after = item == nullptr ? entry.to : state_after(view_, *item, entry);
        const auto batch = entry.data.find("batch");
        table.rows.push_back(
            {entry.at, actor_text(view_, item, entry), Cell{words_in(text), text},
             item == nullptr
                 ? Cell{entry.case_id}
                 : Cell{entry.case_id, html("{} – {}", case_link(view_, *item),
                                            organisation_name(item->debtor, *view_.definitions))},
             before == after ? Cell{} : Cell{html("{} → {}", before, after)},
             batch == entry.data.end()
                 ? Cell{}
                 : Cell{batch->second, html("<a class=\"ds-link\" href=\"/parti/{}\">{}</a>",
                                            batch->second, batch->second)},
             before, after, one.sequence});
        return workflows::Done{};
    }

 private:
    workflows::Result<const Case*> case_of(const std::string& id) {
        const auto known = cases_.find(id);
        if (known == cases_.end()) {
            auto found = view_.snapshot->find_case(id);
            if (!found.ok()) {
                return found.error();
            }
            const auto added = cases_.emplace(id, std::move(found).value()).first;
            return added->second ? &*added->second : nullptr;
        }
        return known->second ? &*known->second : nullptr;
    }

    View& view_;
    std::map<std::string, std::optional<Case>> cases_;
};

}  // namespace

namespace {

/// The cases of the organisation that is asked for.
workflows::Result<std::vector<std::string>> cases_of(const View& view,
                                                     const std::string& organisation) {
    workflows::CaseFilter filter;
    filter.debtor = organisation;
    filter.cohort = view.argument("pulje");
    filter.count_max = kCasesMax;
    const auto found = view.snapshot->cases(filter);
    if (!found.ok()) {
        return found.error();
    }
    std::vector<std::string> ids;
    for (const Case& item : found.value()) {
        ids.push_back(item.id);
    }
    return ids;
}

/// Entries that the form asks for, newest first: looks at some pages of the log, no more.
workflows::Result<workflows::LogPage> entries_of(const View& view, workflows::LogFilter filter) {
    const auto first = workflows::parse_iso_date(view.argument("fra"));
    const auto from =
        first ? std::optional{view.definitions->time_zone().start_of_day(*first)} : std::nullopt;
    const std::size_t wanted = filter.count_max;
    workflows::LogPage out;
    for (int page = 0; page < kPagesMax; ++page) {
        auto found = view.snapshot->log(filter);
        if (!found.ok()) {
            return found.error();
        }
        workflows::LogPage looked_at = std::move(found).value();
        for (HistoryEntry& one : looked_at.entries) {
            if (from && one.entry.at < *from) {
                out.next_before = 0;
                return out;
            }
            if (takes(view, one.entry)) {
                out.entries.push_back(std::move(one));
                if (out.entries.size() == wanted) {
                    out.next_before = out.entries.back().sequence;
                    return out;
                }
            }
        }
        out.next_before = looked_at.next_before;
        if (out.next_before == 0) {
            break;
        }
        filter.before_sequence = out.next_before;
    }
    return out;
}

}  // namespace

PageResult log_page(View& view) {
    workflows::LogFilter filter;
    filter.kinds = chosen(view).kinds;
    filter.cohort = view.argument("pulje");
    if (const auto last = workflows::parse_iso_date(view.argument("til"))) {
        filter.until = view.definitions->time_zone().start_of_day(*last + workflows::cal::days{1});
    }
    filter.before_sequence = parse_number(view.argument("eldre-enn")).value_or(0);
    filter.count_max = view.wants_file() ? kFileRowsMax : kRowsMax;
    workflows::LogPage entries;
    const std::string organisation = view.argument("organisasjon");
    bool is_nobody{false};
    if (!organisation.empty()) {
        auto ids = cases_of(view, organisation);
        if (!ids.ok()) {
            return ids.error();
        }
        filter.case_ids = std::move(ids).value();
        is_nobody = filter.case_ids.empty();
    }
    if (!is_nobody) {
        auto found = entries_of(view, filter);
        if (!found.ok()) {
            return found.error();
        }
        entries = std::move(found).value();
    }
    Content out;
    out.title = {"Hendelseslogg", "Hendingslogg"};
    out.table = empty_table();
    LogPageMaker maker{view};
    for (const HistoryEntry& one : entries.entries) {
        if (const auto added = maker.add(one, *out.table); !added.ok()) {
            return added.error();
        }
    }
    out.body.add(form(view));
    const std::int64_t older = entries.next_before;
    if (out.table->rows.empty()) {
        out.body.add(
            "<p class=\"ds-paragraph\">{} <a class=\"ds-link\" href=\"/hendelser\">{}</a></p>\n",
            older > 0 ? view.pick("Ingenting slikt blant de nyeste. Se eldre under.",
                                  "Ingenting slikt mellom dei nyaste. Sjå eldre under.")
                      : view.pick("Ingenting slikt har skjedd.", "Ingenting slikt har skjedd."),
            view.pick("Vis alt", "Vis alt"));
    } else {
        out.body.add(draw(view, *out.table));
    }
    if (older > 0) {
        out.body.add("<p><a class=\"ds-link\" href=\"/hendelser{}\">{}</a></p>\n",
                     encode_query({{"slag", view.argument("slag")},
                                   {"pulje", filter.cohort},
                                   {"hvem", view.argument("hvem")},
                                   {"navn", view.argument("navn")},
                                   {"organisasjon", organisation},
                                   {"fra", view.argument("fra")},
                                   {"til", view.argument("til")},
                                   {"eldre-enn", std::to_string(older)}}),
                     view.pick("Eldre hendelser", "Eldre hendingar"));
    }
    return out;
}

}  // namespace fristvakt::daemon
