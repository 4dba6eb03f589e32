#include "integrations/yaml/layer.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "integrations/yaml/csv.hpp"
#include "integrations/yaml/files.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::integrations {
namespace {

using Kind = LayerKey::Kind;
using workflows::Diagnostic;
using workflows::Severity;

constexpr std::string_view kProgrammes{"programmes/"};
constexpr std::string_view kPlans{"activities/"};
constexpr std::string_view kTable{".csv"};
constexpr std::string_view kBase{"base/"};
constexpr Kind kTables[] = {Kind::Organisation, Kind::Contact};

std::string_view file_of(Kind kind) {
    return kind == Kind::Organisation ? "organisations.csv" : "contacts.csv";
}

CsvColumns columns_of(Kind kind) {
    return kind == Kind::Organisation ? organisation_columns()
           : kind == Kind::Plan       ? activity_columns()
                                      : contact_columns();
}

/// One row of a table, by all its columns.
struct Row {
    LayerKey key;
    std::vector<std::string> cells;
    int line{0};
};

/// The rows of a table; nothing when its header or one of its rows cannot be taken apart.
std::optional<std::vector<Row>> rows_of(Kind kind, std::string_view bytes, Findings& findings,
                                        std::vector<Diagnostic>& out) {
    const auto text = checked_text(bytes, findings.file(), out);
    if (!text) {
        return std::nullopt;
    }
    const CsvColumns columns = columns_of(kind);
    const CsvTable table(*text, findings, columns);
    if (!table.has_header() || findings.errors() > 0) {
        return std::nullopt;
    }
    const auto column = [&](std::string_view name) {
        return static_cast<std::size_t>(std::ranges::find(columns.known, name) -
                                        columns.known.begin());
    };
    const std::size_t id = column(kind == Kind::Contact ? "organisation" : "id");
    const std::size_t address = column("email");
    std::vector<Row> rows;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const CsvRow cells = table.row(i);
        Row row;
        for (std::size_t c = 0; c < columns.known.size(); ++c) {
            row.cells.push_back(cells[c].text);
        }
        row.key = kind == Kind::Contact ? contact_key(row.cells[id], row.cells[address])
                                        : LayerKey{kind, row.cells[id]};
        row.line = cells.first().line;
        rows.push_back(std::move(row));
    }
    return rows;
}

void add_rows(const std::vector<Row>& rows, const std::string& file, LayerEntries& entries) {
    for (const Row& row : rows) {
        LayerEntry& entry = entries[row.key];
        if (entry.text.empty()) {
            entry.where = {file, row.line, 1};
        }
        entry.text += csv_row(row.cells);
        entry.lines.push_back(row.line);
    }
}

bool is_programme(std::string_view path) {
    return path.starts_with(kProgrammes) && (path.ends_with(".yaml") || path.ends_with(".yml"));
}

/// The cohort in a file; nothing after a finding.
std::optional<std::pair<LayerKey, LayerEntry>> cohort_in(const std::string& bytes,
                                                         const std::string& file,
                                                         std::vector<Diagnostic>& out) {
    const auto root = parse_yaml(bytes, file, out);
    if (!root) {
        return std::nullopt;
    }
    std::string id = declared_id(*root, "cohort");
    if (id.empty()) {
        out.push_back({.severity = Severity::Error,
                       .where = {file, 1, 1},
                       .message = "`cohort` is missing",
                       .hint = "say which cohort this file is about"});
        return std::nullopt;
    }
    return std::pair{LayerKey{Kind::Cohort, std::move(id)},
                     LayerEntry{.text = write_yaml(*root), .bytes = bytes, .where = {file, 1, 1}}};
}

bool is_plan(std::string_view path) {
    return path.starts_with(kPlans) && path.ends_with(kTable);
}

std::string plan_path(const std::string& cohort) {
    return std::string{kPlans} + cohort + std::string{kTable};
}

/// The activity plan of the cohort that its file is named by; nothing after a finding.
std::optional<std::pair<LayerKey, LayerEntry>> plan_in(std::string_view path,
                                                       const std::string& bytes,
                                                       const std::string& file,
                                                       std::vector<Diagnostic>& out) {
    Findings findings(file, out);
    const auto rows = rows_of(Kind::Plan, bytes, findings, out);
    if (!rows) {
        return std::nullopt;
    }
    path.remove_prefix(kPlans.size());
    path.remove_suffix(kTable.size());
    LayerEntry entry{.text = header_of(Kind::Plan) + "\n", .bytes = bytes, .where = {file, 1, 1}};
    for (const Row& row : *rows) {
        entry.text += csv_row(row.cells);
    }
    return std::pair{LayerKey{Kind::Plan, std::string{path}}, std::move(entry)};
}

std::string shown(const ConfigurationFiles& files, std::string_view path) {
    return files.name.empty() ? std::string{path} : files.name + "/" + std::string{path};
}

/// Reads one file of a layer; `path` is without `base/`.
void read_file(const std::string& path, const std::string& bytes, const std::string& file,
               LayerEntries& entries, std::vector<Diagnostic>& out) {
    const auto refuse = [&](std::string message, std::string hint) {
        out.push_back({.severity = Severity::Error,
                       .where = {file, 1, 1},
                       .message = std::move(message),
                       .hint = std::move(hint)});
    };
    if (is_programme(path)) {
        auto cohort = cohort_in(bytes, file, out);
        if (cohort && !entries.insert(std::move(*cohort)).second) {
            refuse("another file of the layer is about the same cohort", "keep one of them");
        }
        return;
    }
    if (is_plan(path)) {
        if (auto plan = plan_in(path, bytes, file, out)) {
            entries.insert(std::move(*plan));
        }
        return;
    }
    const auto* const kind = std::ranges::find(kTables, path, file_of);
    if (kind == std::end(kTables)) {
        refuse(
            "this file is no part of what lies over a configuration",
            "only programmes, activity plans, organisations.csv and contacts.csv are changed here; "
            "move it into the configuration folder");
        return;
    }
    Findings findings(file, out);
    if (const auto rows = rows_of(*kind, bytes, findings, out)) {
        add_rows(*rows, file, entries);
    }
}

/// A table put together anew.
class Merger {
 public:
    Merger(Kind kind, const ConfigurationFiles& folder, const Layer& layer)
        : kind_(kind), folder_(folder), layer_(layer), path_(file_of(kind)) {}

    /// Leaves the folder's file as it is when nothing lies over it, or when it cannot be read.
    void merge(ConfigurationFiles& into) {
        if (std::ranges::none_of(layer_.own,
                                 [&](const auto& own) { return own.first.kind == kind_; })) {
            return;
        }
        const auto file = folder_.files.find(path_);
        std::vector<Row> rows;
        if (file != folder_.files.end()) {
            std::vector<Diagnostic> ignored;  // Loading the folder says it.
            Findings findings(shown(folder_, path_), ignored);
            auto read = rows_of(kind_, file->second, findings, ignored);
            if (!read) {
                return;
            }
            rows = std::move(*read);
        }
        text_ = header_of(kind_) + "\n";
        lines_.push_back({shown(folder_, path_), 1});
        std::set<LayerKey> written;
        for (const Row& row : rows) {
            if (!layer_.own.contains(row.key)) {
                text_ += csv_row(row.cells);
                lines_.push_back({shown(folder_, path_), row.line});
            } else if (written.insert(row.key).second) {
                write(layer_.own.at(row.key));
            }
        }
        for (const auto& [key, entry] : layer_.own) {
            if (key.kind == kind_ && !written.contains(key)) {
                write(entry);
            }
        }
        into.files[path_] = std::move(text_);
        into.origins[path_] = std::move(lines_);
    }

 private:
    void write(const LayerEntry& entry) {
        text_ += entry.text;
        for (const int line : entry.lines) {
            lines_.push_back({entry.where.file, line});
        }
    }

    Kind kind_;
    const ConfigurationFiles& folder_;
    const Layer& layer_;
    std::string path_;
    std::string text_;
    std::vector<SourceLine> lines_;
};

/// A path that no file of the folder has.
std::string free_path(const ConfigurationFiles& files, const std::string& id) {
    std::string path = std::string{kProgrammes} + id + ".yaml";
    for (int i = 2; files.files.contains(path); ++i) {
        path = std::string{kProgrammes} + id + "-" + std::to_string(i) + ".yaml";
    }
    return path;
}

void merge_cohorts(const ConfigurationFiles& folder, const Layer& layer, ConfigurationFiles& into) {
    std::map<std::string, std::string> path_of;  // By cohort.
    for (const auto& [path, bytes] : folder.files) {
        std::vector<Diagnostic> ignored;
        if (!is_programme(path)) {
            continue;
        }
        if (const auto cohort = cohort_in(bytes, path, ignored)) {
            path_of.emplace(cohort->first.id, path);
        }
    }
    for (const auto& [key, entry] : layer.own) {
        if (key.kind != Kind::Cohort) {
            continue;
        }
        const auto known = path_of.find(key.id);
        const std::string path = known == path_of.end() ? free_path(into, key.id) : known->second;
        into.files[path] = entry.bytes;
        // The whole file: its lines are its own.
        into.origins[path] = {{entry.where.file, 1}};
    }
}

void merge_plans(const Layer& layer, ConfigurationFiles& into) {
    for (const auto& [key, entry] : layer.own) {
        if (key.kind == Kind::Plan) {
            into.files[plan_path(key.id)] = entry.bytes;
            into.origins[plan_path(key.id)] = {{entry.where.file, 1}};
        }
    }
}

Diagnostic conflict_finding(const LayerConflict& conflict, const ConfigurationFiles& folder) {
    const std::string name = to_string(conflict.key);
    return {
        .severity = Severity::Error,
        .where = conflict.where,
        .message =
            conflict.folder.empty()
                ? "the " + name + " was changed here and has been taken out of " + folder.name
                : "the " + name + " was changed here and in " + folder.name + " too",
        .hint = "choose between them on the page /ordninger/konflikter, or correct one by hand"};
}

}  // namespace

std::string to_string(const LayerKey& key) {
    switch (key.kind) {
        case Kind::Cohort:
            return "cohort " + key.id;
        case Kind::Organisation:
            return "organisation " + key.id;
        case Kind::Plan:
            return "activity plan of " + key.id;
        case Kind::Contact:
            break;
    }
    // An address is personal; the line says whose it is.
    return "contact at " + key.id.substr(0, key.id.find('/'));
}

LayerKey contact_key(std::string_view organisation, std::string_view address) {
    return {Kind::Contact,
            std::string{organisation} + "/" + workflows::lower_case(std::string{address})};
}

std::string header_of(Kind kind) {
    std::string out;
    for (const std::string_view column : columns_of(kind).known) {
        out += (out.empty() ? "" : ",") + std::string{column};
    }
    return out;
}

std::string csv_row(const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += i == 0 ? "" : ",";
        if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
            out += cells[i];
            continue;
        }
        out += '"';
        for (const char c : cells[i]) {
            out += c == '"' ? "\"\"" : std::string(1, c);
        }
        out += '"';
    }
    return out + "\n";
}

std::vector<std::vector<std::string>> csv_rows(Kind kind, std::string_view text) {
    std::vector<Diagnostic> ignored;
    Findings findings("", ignored);
    std::vector<std::vector<std::string>> out;
    const std::string header = kind == Kind::Plan ? std::string{} : header_of(kind) + "\n";
    if (auto rows = rows_of(kind, header + std::string{text}, findings, ignored)) {
        for (Row& row : *rows) {
            out.push_back(std::move(row.cells));
        }
    }
    return out;
}

LayerEntries entries_of(const ConfigurationFiles& folder) {
    LayerEntries entries;
    std::vector<Diagnostic> ignored;
    for (const auto& [path, bytes] : folder.files) {
        if (is_programme(path)) {
            if (auto cohort = cohort_in(bytes, shown(folder, path), ignored)) {
                entries.insert(std::move(*cohort));
            }
        } else if (is_plan(path)) {
            if (auto plan = plan_in(path, bytes, shown(folder, path), ignored)) {
                entries.insert(std::move(*plan));
            }
        }
    }
    for (const Kind kind : kTables) {
        const auto file = folder.files.find(std::string{file_of(kind)});
        if (file == folder.files.end()) {
            continue;
        }
        Findings findings(shown(folder, file->first), ignored);
        if (const auto rows = rows_of(kind, file->second, findings, ignored)) {
            add_rows(*rows, findings.file(), entries);
        }
    }
    return entries;
}

Layer read_layer(const ConfigurationFiles& files) {
    Layer layer;
    for (const auto& [path, bytes] : files.files) {
        const bool is_base = path.starts_with(kBase);
        read_file(is_base ? path.substr(kBase.size()) : path, bytes, shown(files, path),
                  is_base ? layer.base : layer.own, layer.diagnostics);
    }
    // What a crash left between writing a base and writing what was made from it.
    std::erase_if(layer.base, [&](const auto& base) { return !layer.own.contains(base.first); });
    return layer;
}

ConfigurationFiles files_of(const Layer& layer, std::string name) {
    ConfigurationFiles out{.name = std::move(name), .files = {}, .origins = {}};
    const auto add = [&](const LayerEntries& entries, std::string_view folder) {
        for (const auto& [key, entry] : entries) {
            if (key.kind == Kind::Cohort) {
                out.files[std::string{folder} + std::string{kProgrammes} + key.id + ".yaml"] =
                    entry.bytes;
                continue;
            }
            if (key.kind == Kind::Plan) {
                out.files[std::string{folder} + plan_path(key.id)] = entry.bytes;
                continue;
            }
            std::string& table = out.files[std::string{folder} + std::string{file_of(key.kind)}];
            table += (table.empty() ? header_of(key.kind) + "\n" : "") + entry.text;
        }
    };
    add(layer.own, "");
    add(layer.base, kBase);
    return out;
}

void put_entry(Layer& layer, const LayerEntries& folder, const LayerKey& key, std::string text) {
    const auto now = folder.find(key);
    if (text.empty() || (now != folder.end() && now->second.text == text)) {
        layer.own.erase(key);
        layer.base.erase(key);
        return;
    }
    LayerEntry entry{.text = text, .bytes = {}, .where = {}, .lines = {}};
    if (key.kind == Kind::Cohort) {
        entry.bytes = text;
        entry.where = {std::string{kProgrammes} + key.id + ".yaml", 1, 1};
    } else if (key.kind == Kind::Plan) {
        entry.bytes = text;
        entry.where = {plan_path(key.id), 1, 1};
    } else {
        entry.where = {std::string{file_of(key.kind)}, 1, 1};
        entry.lines.assign(static_cast<std::size_t>(std::ranges::count(text, '\n')), 1);
    }
    layer.own[key] = std::move(entry);
    if (now == folder.end()) {
        layer.base.erase(key);
    } else {
        layer.base[key] = now->second;
    }
}

Layered lay_over(const ConfigurationFiles& folder, const Layer& layer) {
    Layered out{.files = folder, .conflicts = {}, .diagnostics = layer.diagnostics};
    if (layer.own.empty()) {
        return out;
    }
    const LayerEntries now = entries_of(folder);
    const auto text_in = [](const LayerEntries& entries, const LayerKey& key) {
        const auto found = entries.find(key);
        return found == entries.end() ? std::string{} : found->second.text;
    };
    for (const auto& [key, own] : layer.own) {
        LayerConflict conflict{.key = key,
                               .where = own.where,
                               .base = text_in(layer.base, key),
                               .folder = text_in(now, key),
                               .own = own.text};
        if (conflict.folder != conflict.base && conflict.folder != own.text) {
            out.diagnostics.push_back(conflict_finding(conflict, folder));
            out.conflicts.push_back(std::move(conflict));
        }
    }
    merge_cohorts(folder, layer, out.files);
    merge_plans(layer, out.files);
    for (const Kind kind : kTables) {
        Merger(kind, folder, layer).merge(out.files);
    }
    return out;
}

}  // namespace fristvakt::integrations
