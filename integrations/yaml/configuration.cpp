#include "integrations/yaml/configuration.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <sodium.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"
#include "workflows/definition/activities.hpp"
#include "workflows/definition/ladder_order.hpp"
#include "workflows/definition/meetings.hpp"
#include "workflows/definition/usage.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Definitions;
using workflows::Notice;
using workflows::Severity;

constexpr std::array<std::string_view, 7> kFolders{
    "workflows", "ladders", "calendars", "messages", "programmes", "activities", "schema"};

bool is_yaml(std::string_view path) {
    return path.ends_with(".yaml") || path.ends_with(".yml");
}

std::string_view stem(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1);
    return path.substr(0, path.rfind('.'));
}

/// A file of `messages/{nb,nn}/ID.md`.
struct NoticePath {
    std::string language;
    std::string id;
};
std::optional<NoticePath> notice_path(std::string_view path) {
    constexpr std::string_view kPrefix = "messages/";
    const auto slash = path.rfind('/');
    if (!path.starts_with(kPrefix) || !path.ends_with(".md") || slash < kPrefix.size()) {
        return std::nullopt;
    }
    const std::string_view language = path.substr(kPrefix.size(), slash - kPrefix.size());
    if (language != "nb" && language != "nn") {
        return std::nullopt;
    }
    return NoticePath{.language = std::string(language), .id = std::string(stem(path))};
}

/// The cohort whose plan stands in `activities/COHORT.csv`; nothing for any other path.
std::optional<std::string> plan_path(std::string_view path) {
    constexpr std::string_view kPrefix = "activities/";
    if (!path.starts_with(kPrefix) || !path.ends_with(".csv")) {
        return std::nullopt;
    }
    path.remove_prefix(kPrefix.size());
    path.remove_suffix(std::string_view{".csv"}.size());
    return is_id(path) ? std::optional<std::string>{path} : std::nullopt;
}

/// Finds the places where things were written, in files that were put together from others.
class Origins {
 public:
    explicit Origins(const ConfigurationFiles& files) {
        for (const auto& [path, lines] : files.origins) {
            lines_.emplace(files.name.empty() ? path : files.name + "/" + path, &lines);
        }
    }

    void trace(SourcePosition& where) const {
        const auto found = lines_.find(where.file);
        if (found == lines_.end() || where.line < 1) {
            return;
        }
        const std::vector<SourceLine>& lines = *found->second;
        const auto index = static_cast<std::size_t>(where.line) - 1;
        if (index < lines.size() && lines.size() > 1) {
            where.line = lines[index].line;
            where.column = 1;  // Rows may have been written anew.
            where.file = lines[index].file;
        } else {
            where.file = lines.front().file;
        }
    }
    void trace(workflows::Definitions& definitions) const {
        if (lines_.empty()) {
            return;
        }
        for (auto& [id, organisation] : definitions.organisations) {
            trace(organisation);
        }
        for (auto& contact : definitions.contacts) {
            trace(contact);
        }
        for (auto& cohort : definitions.cohorts) {
            trace(cohort);
            for (auto& participant : cohort.participants) {
                trace(participant);
            }
            for (auto& requirement : cohort.requirements) {
                trace(requirement);
            }
            for (auto& group : cohort.groups) {
                trace(group);
            }
            for (auto& activity : cohort.activities) {
                trace(activity);
            }
            for (auto& meeting : cohort.meetings) {
                trace(meeting);
                for (auto& date : meeting.dates) {
                    trace(date);
                }
            }
        }
    }

 private:
    template <typename Thing>
    void trace(Thing& thing) const {
        trace(thing.where);
        for (auto& [key, where] : thing.places) {
            trace(where);
        }
    }

    std::map<std::string, const std::vector<SourceLine>*> lines_;  ///< By the name in findings.
};

/// Reads one configuration. Used once.
class Loader {
 public:
    Loader(const ConfigurationFiles& files, const ConfigurationFiles& defaults)
        : files_(files), defaults_(defaults), origins_(files) {}

    LoadedConfiguration load() {
        check_paths();
        for (const auto& [path, bytes] : files_.files) {
            read_own(path, bytes);
        }
        read_required("fristvakt.yaml");
        read_required("organisations.csv");
        read_required("contacts.csv");
        read_defaults();
        join_notices();
        link();
        verify();
        return finish();
    }

 private:
    using ReadYaml = void (*)(const YamlNode&, Findings&, Draft&);
    struct Kind {
        std::string_view folder;
        std::string_view id_key;
        ReadYaml read;
        bool may_default;
    };
    static constexpr std::array<Kind, 4> kKinds{
        Kind{"workflows/", "workflow", read_workflow, true},
        Kind{"ladders/", "ladder", read_ladder, true},
        Kind{"calendars/", "calendar", read_calendar, true},
        Kind{"programmes/", "cohort", read_programme, false}};

    static const Kind* kind_of(std::string_view path) {
        const auto kind =
            std::ranges::find_if(kKinds, [&](const Kind& k) { return path.starts_with(k.folder); });
        return kind == kKinds.end() || !is_yaml(path) ? nullptr : &*kind;
    }

    static std::string shown(const ConfigurationFiles& files, const std::string& path) {
        return files.name.empty() ? path : files.name + "/" + path;
    }
    Findings findings_for(const ConfigurationFiles& files, const std::string& path) {
        return {shown(files, path), diagnostics_};
    }

    /// A file that nothing reads would otherwise be silently without effect.
    void check_paths() {
        static constexpr std::array<std::string_view, 4> kTop{"fristvakt.yaml", "organisations.csv",
                                                              "contacts.csv", "users.csv"};
        for (const auto& [path, bytes] : files_.files) {
            const auto slash = path.find('/');
            auto findings = findings_for(files_, path);
            if (slash == std::string::npos) {
                const bool is_known = std::ranges::find(kTop, path) != kTop.end();
                if (!is_known && !path.ends_with(".md")) {
                    findings.error(findings.at(1, 1), "this file is no part of a configuration",
                                   suggestion(path, kTop) + ", or move it elsewhere");
                }
                continue;
            }
            const std::string folder = path.substr(0, slash);
            if (std::ranges::find(kFolders, folder) == kFolders.end()) {
                findings.error(findings.at(1, 1),
                               fmt::format("the folder `{}` is no part of a configuration", folder),
                               suggestion(folder, kFolders) + ", or move it elsewhere");
            } else if (folder == "messages") {
                check_notice_path(path, findings);
            } else if (folder == "activities") {
                if (!plan_path(path)) {
                    findings.error(findings.at(1, 1), "this is no activity plan",
                                   "name it activities/COHORT.csv, by the id of its cohort");
                }
            } else if (folder != "schema" && kind_of(path) == nullptr) {
                findings.error(findings.at(1, 1), fmt::format("`{}` holds YAML files only", folder),
                               "name it .yaml, or move it elsewhere");
            }
        }
    }

    static void check_notice_path(const std::string& path, Findings& findings) {
        const auto notice = notice_path(path);
        if (!notice) {
            findings.error(findings.at(1, 1), "this is no notice",
                           "notices are messages/nb/ID.md and messages/nn/ID.md");
        } else if (!is_id(notice->id)) {
            findings.error(findings.at(1, 1),
                           fmt::format("`{}` cannot be the id of a notice", notice->id),
                           "name the file with a-z, 0-9 and hyphens");
        }
    }

    void read_own(const std::string& path, const std::string& bytes) {
        if (path == "fristvakt.yaml") {
            auto findings = findings_for(files_, path);
            const auto root = parse_yaml(bytes, findings.file(), diagnostics_);
            draft_.unreadable.installation = !root;
            if (root) {
                read_installation(*root, findings, draft_);
            }
        } else if (path == "organisations.csv" || path == "contacts.csv" || path == "users.csv") {
            read_table(path, bytes);
        } else if (kind_of(path) != nullptr) {
            read_kind(files_, path, bytes);
        } else if (const auto notice = notice_path(path)) {
            read_notice_file(files_, path, bytes, *notice);
        } else if (const auto cohort = plan_path(path)) {
            read_plan(path, bytes, *cohort);
        }
        use(files_, path, bytes);
    }

    void read_table(const std::string& path, const std::string& bytes) {
        auto findings = findings_for(files_, path);
        const auto text = checked_text(bytes, findings.file(), diagnostics_);
        const bool is_organisations = path == "organisations.csv";
        if (path == "users.csv") {
            draft_.unreadable.users = !text;
            if (text) {
                read_users(*text, findings, draft_);
            }
        } else if (!text) {
            (is_organisations ? draft_.unreadable.all_organisations
                              : draft_.unreadable.all_contacts) = true;
        } else if (is_organisations) {
            read_organisations(*text, findings, draft_);
        } else {
            read_contacts(*text, findings, draft_);
        }
    }

    void read_plan(const std::string& path, const std::string& bytes, const std::string& cohort) {
        auto findings = findings_for(files_, path);
        const auto text = checked_text(bytes, findings.file(), diagnostics_);
        auto& [rows, where] = draft_.plans[cohort];
        where = findings.at(1, 1);
        if (text) {
            read_activities(*text, findings, rows);
        }
        if (!text || findings.errors() > 0) {
            draft_.unreadable.plans.insert(cohort);
        }
    }

    void read_kind(const ConfigurationFiles& files, const std::string& path,
                   const std::string& bytes) {
        const Kind& kind = *kind_of(path);
        auto findings = findings_for(files, path);
        const auto root = parse_yaml(bytes, findings.file(), diagnostics_);
        const std::string id = root ? declared_id(*root, kind.id_key) : "";
        own_ids_.emplace(std::string(kind.folder) + (id.empty() ? std::string(stem(path)) : id));
        if (root) {
            kind.read(*root, findings, draft_);
        }
        if (!root || findings.errors() > 0) {
            mark_unreadable(kind.folder, stem(path));
            mark_unreadable(kind.folder, id);
        }
    }

    void mark_unreadable(std::string_view folder, std::string_view id) {
        if (id.empty()) {
            return;
        }
        if (folder == "workflows/") {
            draft_.unreadable.workflows.emplace(id);
        } else if (folder == "ladders/") {
            draft_.unreadable.ladders.emplace(id);
        } else if (folder == "calendars/") {
            draft_.unreadable_calendars.emplace(id);
        } else if (folder == "programmes/") {
            draft_.unreadable.cohorts.emplace(id);
        }
    }

    void read_notice_file(const ConfigurationFiles& files, const std::string& path,
                          const std::string& bytes, const NoticePath& where) {
        auto findings = findings_for(files, path);
        const auto text = checked_text(bytes, findings.file(), diagnostics_);
        auto notice = text ? read_notice(*text, findings) : std::nullopt;
        own_ids_.insert("messages/" + where.id);
        if (!notice) {
            draft_.unreadable.notices.insert(where.id);
            return;
        }
        auto& twins = notices_[where.id];
        (where.language == "nb" ? twins.first : twins.second) = std::move(notice);
    }

    void read_required(const std::string& path) {
        if (files_.files.contains(path)) {
            return;
        }
        auto findings = findings_for(files_, path);
        findings.error(findings.at(1, 1), "the file is missing", "add it to the folder");
        draft_.unreadable.installation |= path == "fristvakt.yaml";
        draft_.unreadable.all_organisations |= path == "organisations.csv";
        draft_.unreadable.all_contacts |= path == "contacts.csv";
    }

    /// What the folder lacks, by id.
    void read_defaults() {
        const auto own = own_ids_;
        for (const auto& [path, bytes] : defaults_.files) {
            if (const auto notice = notice_path(path)) {
                if (!own.contains("messages/" + notice->id)) {
                    read_notice_file(defaults_, path, bytes, *notice);
                    use(defaults_, path, bytes);
                }
                continue;
            }
            const Kind* kind = kind_of(path);
            if (kind == nullptr || !kind->may_default) {
                continue;
            }
            // The id is what counts, and it stands in the file; parsing small files twice is cheap.
            std::vector<Diagnostic> ignored;
            const auto root = parse_yaml(bytes, path, ignored);
            const std::string id = root ? declared_id(*root, kind->id_key) : "";
            if (!own.contains(std::string(kind->folder) + id) ||
                is_older_version(*kind, path, bytes)) {
                read_kind(defaults_, path, bytes);
                use(defaults_, path, bytes);
            }
        }
    }

    /// A default workflow that the folder has a later version of: cases may still run on it.
    [[nodiscard]] bool is_older_version(const Kind& kind, const std::string& path,
                                        const std::string& bytes) const {
        if (kind.read != &read_workflow) {
            return false;
        }
        Draft alone;
        std::vector<Diagnostic> ignored;
        Findings findings{path, ignored};
        if (const auto root = parse_yaml(bytes, path, ignored)) {
            read_workflow(*root, findings, alone);
        }
        if (alone.definitions.workflows.empty()) {
            return false;
        }
        const auto& old = alone.definitions.workflows.front();
        const auto* own = draft_.definitions.find_workflow(old.id);
        return own != nullptr && old.version < own->version;
    }

    void join_notices() {
        for (auto& [id, twins] : notices_) {
            auto& [nb, nn] = twins;
            if (draft_.unreadable.notices.contains(id)) {
                continue;
            }
            Notice notice{.id = id, .kind = {}, .resend_when_uncertain = true, .nb = {}, .nn = {}};
            const NoticeFile& one = nb ? *nb : *nn;
            notice.kind = one.kind.value_or(workflows::NoticeKind::Reminder);
            notice.resend_when_uncertain = one.resend_when_uncertain;
            if (nb && nn) {
                compare_twins(*nb, *nn);
            }
            if (nb) {
                notice.nb = std::move(nb->twin);
            }
            if (nn) {
                notice.nn = std::move(nn->twin);
            }
            draft_.definitions.notices.emplace(id, std::move(notice));
        }
    }

    void compare_twins(const NoticeFile& nb, const NoticeFile& nn) {
        const auto at = [](const SourcePosition& where, const SourcePosition& other) {
            return where.line > 0 ? where : other;
        };
        Findings findings(nn.twin.where.file, diagnostics_);
        if (nb.kind != nn.kind) {
            findings.error(nn.kind_where, "`kind` is another one in the bokmål twin",
                           "write the same in both: " + nb.twin.where.file);
        }
        if (nb.resend_when_uncertain != nn.resend_when_uncertain) {
            findings.error(at(nn.uncertain_where, nn.kind_where),
                           "`when_uncertain` is another one in the bokmål twin",
                           "write the same in both: " + nb.twin.where.file);
        }
    }

    /// What needs more than one file to be read: zone, calendar, order of steps.
    void link() {
        Definitions& definitions = draft_.definitions;
        auto& installation = definitions.installation;
        const SourcePosition top{shown(files_, "fristvakt.yaml"), 1, 1};
        Findings findings(top.file, diagnostics_);
        auto zone = workflows::TimeZone::locate(installation.time_zone);
        if (!zone.ok()) {
            findings.error(place(installation.places, "time_zone", top), zone.error().message,
                           "write such as Europe/Oslo");
            zone = workflows::TimeZone::locate("UTC");
        }
        if (zone.ok()) {
            definitions.zone = std::move(zone).value();
        }
        const auto calendar = draft_.calendars.find(installation.calendar);
        if (calendar != draft_.calendars.end()) {
            definitions.calendar = calendar->second;
            link_avoided(findings);
        } else if (!draft_.unreadable_calendars.contains(installation.calendar) &&
                   !draft_.unreadable.installation) {
            findings.error(place(installation.places, "calendar", top),
                           fmt::format("there is no calendar `{}`", installation.calendar),
                           suggestion(installation.calendar, keys_of(draft_.calendars)));
        }
        link_plans();
        workflows::call_meetings(definitions);
        if (definitions.zone) {
            for (auto& [id, ladder] : definitions.ladders) {
                workflows::order_steps(ladder, *definitions.zone);
            }
        }
    }

    void link_plans() {
        Definitions& definitions = draft_.definitions;
        std::vector<std::string_view> known;
        for (const auto& cohort : definitions.cohorts) {
            known.push_back(cohort.id);
        }
        for (auto& [id, plan] : draft_.plans) {
            const auto cohort = std::ranges::find(definitions.cohorts, id, &workflows::Cohort::id);
            if (cohort != definitions.cohorts.end()) {
                cohort->activities = std::move(plan.first);
            } else if (!draft_.unreadable.cohorts.contains(id) &&
                       !draft_.unreadable.plans.contains(id)) {
                Findings(plan.second.file, diagnostics_)
                    .error(plan.second, fmt::format("there is no cohort `{}`", id),
                           known.empty() ? "add its programme to programmes/"
                                         : "name the file by a cohort: " + suggestion(id, known));
            }
        }
        if (!draft_.plans.empty()) {
            definitions.index();
            workflows::call_activities(definitions);
        }
    }

    void link_avoided(Findings& findings) {
        auto& definitions = draft_.definitions;
        std::vector<std::string_view> known;
        for (const auto& period : definitions.calendar.soft) {
            known.push_back(period.id);
        }
        std::set<std::string> seen;
        for (const auto& [id, where] : draft_.avoid) {
            const auto found = std::ranges::find(known, std::string_view(id));
            if (found == known.end()) {
                findings.error(where,
                               fmt::format("the calendar `{}` has no soft period `{}`",
                                           definitions.calendar.id, id),
                               suggestion(id, known));
            } else if (!seen.insert(id).second) {
                findings.error(where, fmt::format("`{}` stands twice", id), "keep one");
            } else {
                definitions.installation.send_window.avoid.push_back(
                    definitions.calendar.soft[static_cast<std::size_t>(found - known.begin())]);
            }
        }
    }

    template <typename Map>
    static std::vector<std::string_view> keys_of(const Map& map) {
        std::vector<std::string_view> result;
        result.reserve(map.size());
        for (const auto& [key, value] : map) {
            result.push_back(key);
        }
        return result;
    }

    void verify() {
        draft_.definitions.index();
        if (!draft_.definitions.zone) {
            return;  // not even UTC is installed; said above
        }
        auto found = workflows::verify(draft_.definitions, draft_.unreadable);
        std::ranges::move(found, std::back_inserter(diagnostics_));
        warn_of_unused();
        warn_of_nothing_to_do();
    }

    /// A folder that was not copied whole passes every other check.
    void warn_of_nothing_to_do() {
        const bool has_errors = std::ranges::any_of(
            diagnostics_, [](const auto& one) { return one.severity == Severity::Error; });
        if (!draft_.definitions.cohorts.empty() || has_errors) {
            return;
        }
        const auto& places = draft_.definitions.installation.places;
        const SourcePosition where =
            place(places, "name", SourcePosition{shown(files_, "fristvakt.yaml"), 1, 1});
        Findings(where.file, diagnostics_)
            .warn(where, "nothing is asked of anybody: there is no programme",
                  "add a file to programmes/; taken into use like this, it withdraws all that is "
                  "open");
    }

    /// A workflow or ladder of the folder's own that nothing leads to is most often misspelt.
    /// Copies of what the program carries anyway are left alone.
    void warn_of_unused() {
        const workflows::Usage usage = workflows::usage_of(draft_.definitions);
        for (const auto& workflow : draft_.definitions.workflows) {
            if (!usage.workflows.contains(workflow.id)) {
                warn_of_unused(
                    place(workflow.places, "workflow", workflow.where),
                    fmt::format("no requirement leads to the workflow `{}`", workflow.id));
            }
        }
        for (const auto& [id, ladder] : draft_.definitions.ladders) {
            if (!usage.ladders.contains(id)) {
                warn_of_unused(place(ladder.places, "ladder", ladder.where),
                               fmt::format("no requirement leads to the ladder `{}`", id));
            }
        }
    }

    void warn_of_unused(const SourcePosition& where, std::string message) {
        const std::string* own = bytes_of(files_, where.file);
        if (own == nullptr) {
            return;
        }
        const std::string path = where.file.substr(shown(files_, "").size());
        const auto carried = defaults_.files.find(path);
        if (carried == defaults_.files.end() || carried->second != *own) {
            Findings(where.file, diagnostics_)
                .warn(where, std::move(message), "name it in a requirement, or leave it out");
        }
    }

    void use(const ConfigurationFiles& files, const std::string& path, const std::string& bytes) {
        used_.emplace_back(path, &files == &defaults_, &bytes);
    }

    LoadedConfiguration finish() {
        LoadedConfiguration loaded;
        std::ranges::stable_sort(diagnostics_, {}, [](const Diagnostic& diagnostic) {
            return std::tie(diagnostic.where.file, diagnostic.where.line, diagnostic.where.column);
        });
        const bool has_error = std::ranges::any_of(
            diagnostics_, [](const Diagnostic& d) { return d.severity == Severity::Error; });
        std::ranges::sort(used_);
        for (const auto& [path, is_default, bytes] : used_) {
            loaded.archive += fmt::format("{}\n{}\n", path, bytes->size());
            loaded.archive += *bytes;
        }
        if (!has_error) {
            draft_.definitions.hash = sha256(loaded.archive);
            forget_places(draft_.definitions);
            origins_.trace(draft_.definitions);
            auto definitions = std::make_shared<Definitions>(std::move(draft_.definitions));
            definitions->index();
            loaded.definitions = std::move(definitions);
        }
        count_characters();
        for (Diagnostic& diagnostic : diagnostics_) {
            origins_.trace(diagnostic.where);
        }
        loaded.diagnostics = std::move(diagnostics_);
        return loaded;
    }

    /// Where each cell of a table was written is for findings, and all are found: kept, it would
    /// be half of what ten thousand organisations take in memory.
    static void forget_places(Definitions& definitions) {
        for (auto& [id, organisation] : definitions.organisations) {
            organisation.places.clear();
        }
        for (auto& contact : definitions.contacts) {
            contact.places.clear();
        }
        for (auto& cohort : definitions.cohorts) {
            for (auto& participant : cohort.participants) {
                participant.places.clear();
            }
            for (auto& activity : cohort.activities) {
                activity.places.clear();
            }
        }
    }

    static std::string sha256(const std::string& bytes) {
        std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
        crypto_hash_sha256_state state;
        crypto_hash_sha256_init(&state);
        std::array<unsigned char, 4096> chunk{};
        for (std::size_t i = 0; i < bytes.size(); i += chunk.size()) {
            const std::size_t length = std::min(chunk.size(), bytes.size() - i);
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i), length, chunk.begin());
            crypto_hash_sha256_update(&state, chunk.data(), length);
        }
        crypto_hash_sha256_final(&state, digest.data());
        std::string hex;
        for (const unsigned char byte : digest) {
            hex += fmt::format("{:02x}", byte);
        }
        return hex;
    }

    /// Columns are counted in bytes while reading; editors count characters. The findings are
    /// sorted by file and line, so each file is walked once.
    void count_characters() {
        std::string_view rest;
        const std::string* file = nullptr;
        int line = 1;
        for (auto& diagnostic : diagnostics_) {
            auto& where = diagnostic.where;
            if (file == nullptr || *file != where.file) {
                file = &where.file;
                rest = text_of(where.file);
                line = 1;
            }
            for (; line < where.line && !rest.empty(); ++line) {
                rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
            }
            const auto before =
                rest.substr(0, static_cast<std::size_t>(std::max(0, where.column - 1)));
            where.column -= static_cast<int>(std::ranges::count_if(
                before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }));
        }
    }

    /// The bytes behind the name of a file in a finding, without a byte order mark.
    [[nodiscard]] std::string_view text_of(const std::string& file) const {
        const std::string* bytes = bytes_of(files_, file);
        bytes = bytes == nullptr ? bytes_of(defaults_, file) : bytes;
        std::string_view text = bytes == nullptr ? std::string_view() : *bytes;
        if (text.starts_with("\xEF\xBB\xBF")) {
            text.remove_prefix(3);
        }
        return text;
    }

    static const std::string* bytes_of(const ConfigurationFiles& files, const std::string& file) {
        const std::size_t prefix = files.name.empty() ? 0 : files.name.size() + 1;
        if (file.size() < prefix || !file.starts_with(files.name)) {
            return nullptr;
        }
        const auto found = files.files.find(file.substr(prefix));
        return found == files.files.end() ? nullptr : &found->second;
    }

    const ConfigurationFiles& files_;
    const ConfigurationFiles& defaults_;
    const Origins origins_;
    std::vector<Diagnostic> diagnostics_;
    Draft draft_;
    std::map<std::string, std::pair<std::optional<NoticeFile>, std::optional<NoticeFile>>> notices_;
    std::set<std::string> own_ids_;  ///< "workflows/plan", "messages/reminder"
    std::vector<std::tuple<std::string, bool, const std::string*>> used_;
};

}  // namespace

std::string declared_id(const YamlNode& root, std::string_view key) {
    const auto found = std::ranges::find(root.entries, key, &YamlEntry::key);
    return found == root.entries.end() ? "" : found->value.text;
}

LoadedConfiguration load_configuration(const ConfigurationFiles& files,
                                       const ConfigurationFiles& defaults) {
    return Loader(files, defaults).load();
}

std::vector<KnownKeys> known_keys() {
    std::vector<KnownKeys> result;
    for (const KeyTable& table : keys::kAll) {
        result.push_back({.name = std::string(table.name),
                          .keys = {table.keys.begin(), table.keys.end()},
                          .required = {table.required.begin(), table.required.end()},
                          .later = {table.later.begin(), table.later.end()}});
    }
    return result;
}

}  // namespace fristvakt::integrations
