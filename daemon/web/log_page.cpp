#include <algorithm>
#include <array>

#include "daemon/http/url.hpp"
#include "daemon/web/case_row.hpp"
#include "daemon/web/entry_text.hpp"
#include "daemon/web/words.hpp"

/// Hendelseslogg: everything that happened, newest first; nothing in it can be changed.
namespace fristvakt::daemon {

using workflows::Case;
using workflows::HistoryEntry;

namespace {

constexpr std::size_t kRowsMax{100};
constexpr std::size_t kFileRowsMax{10'000};

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
          "release", "released", "copy_refused", "not_taken", "tested"}},
        {"hendelser", "Hendelser i saker", "Hendingar i saker", {"event", "not_taken"}},
        {"paaminnelser",
         "Påminnelser og beskjeder",
         "Påminningar og beskjedar",
         {"settled", "told"}},
        {"meldinger", "Meldinger ut", "Meldingar ut", {"message", "copy_refused"}},
        {"drift",
         "Oppsett og utsending",
         "Oppsett og utsending",
         {"configuration", "configuration_used", "hold", "release", "released", "tested"}},
    };
    return kAll;
}

const Choice& chosen(const View& view) {
    const auto& all = choices();
    const auto found = std::ranges::find(all, view.argument("slag"), &Choice::id);
    return found == all.end() ? all.front() : *found;
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
    Html out;
    out.add(
        "<form class=\"fv-filter\" id=\"filter\" method=\"get\" action=\"/hendelser\">\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-slag\">{}</label>"
        "<select class=\"ds-input\" id=\"f-slag\" name=\"slag\">{}</select></div>\n"
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"f-pulje\">{}</label>"
        "<select class=\"ds-input\" id=\"f-pulje\" name=\"pulje\">{}</select></div>\n",
        view.pick("Hva", "Kva"), kinds, view.pick("Pulje", "Pulje"), cohorts);
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
        table.rows.push_back(
            {entry.at, actor_text(view_, item, entry), Cell{words_in(text), text},
             item == nullptr
                 ? Cell{entry.case_id}
                 : Cell{entry.case_id, html("{} – {}", case_link(view_, *item),
                                            organisation_name(item->debtor, *view_.definitions))},
             item == nullptr ? entry.from
                             : view_.in(words_of_state(entry.from, *item, *view_.definitions)),
             item == nullptr ? entry.to
                             : view_.in(words_of_state(entry.to, *item, *view_.definitions)),
             one.sequence});
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

PageResult log_page(View& view) {
    workflows::LogFilter filter;
    filter.kinds = chosen(view).kinds;
    filter.cohort = view.argument("pulje");
    if (const auto last = workflows::parse_iso_date(view.argument("til"))) {
        filter.until = view.definitions->time_zone().start_of_day(*last + workflows::cal::days{1});
    }
    filter.before_sequence = parse_number(view.argument("eldre-enn")).value_or(0);
    filter.count_max = view.wants_file() ? kFileRowsMax : kRowsMax;
    const auto found = view.snapshot->log(filter);
    if (!found.ok()) {
        return found.error();
    }
    Content out;
    out.title = {"Hendelseslogg", "Hendingslogg"};
    out.table = empty_table();
    LogPageMaker maker{view};
    for (const HistoryEntry& one : found.value().entries) {
        if (const auto added = maker.add(one, *out.table); !added.ok()) {
            return added.error();
        }
    }
    out.body.add(form(view));
    const std::int64_t older = found.value().next_before;
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
                                   {"til", view.argument("til")},
                                   {"eldre-enn", std::to_string(older)}}),
                     view.pick("Eldre hendelser", "Eldre hendingar"));
    }
    return out;
}

}  // namespace fristvakt::daemon
