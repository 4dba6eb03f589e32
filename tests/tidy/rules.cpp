#include "tests/tidy/rules.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string_view>

namespace fristvakt::tests {
namespace {

namespace fs = std::filesystem;

bool is_source(const TextFile& file) {
    return file.path.ends_with(".cpp") || file.path.ends_with(".hpp");
}

bool is_below(const TextFile& file, std::string_view folder) {
    return file.path.starts_with(std::string{folder} + "/");
}

// The rules and their tests spell out what is banned.
bool is_about_rules(const TextFile& file) {
    return is_below(file, "tests/tidy");
}

std::string finding(const TextFile& file, std::size_t index, std::string_view instead) {
    return file.path + ":" + std::to_string(index + 1) + ": " + file.lines[index] +
           "\n    instead: " + std::string{instead};
}

std::size_t columns(std::string_view line) {
    return static_cast<std::size_t>(
        std::ranges::count_if(line, [](char byte) { return (byte & '\xC0') != '\x80'; }));
}

std::string folder_of(const std::string& path) {
    return path.substr(0, std::min(path.rfind('/'), path.size()));
}

/// Calls `look(file, index, match)` for each place in `files` where `pattern` stands.
template <class Wanted, class Look>
void each_match(const std::vector<TextFile>& files, Wanted wanted, const std::regex& pattern,
                Look look) {
    for (const TextFile& file : files) {
        if (!wanted(file)) {
            continue;
        }
        for (std::size_t index = 0; index < file.lines.size(); ++index) {
            const std::string& line = file.lines[index];
            for (std::sregex_iterator match{line.begin(), line.end(), pattern}, end; match != end;
                 ++match) {
                look(file, index, *match);
            }
        }
    }
}

struct Ban {
    std::regex pattern;
    std::vector<std::string> where;      ///< Folders; the whole of sources if empty.
    std::vector<std::string> except_in;  ///< Beginnings of paths.
    std::string instead;
};

const std::vector<Ban>& bans() {
    static const std::vector<std::string> kShipped{"workflows", "integrations", "daemon"};
    static const std::vector<Ban> kBans{
        {std::regex{R"((system|steady|high_resolution)_clock::now\(|\bgettimeofday\(|)"
                    R"(\bclock_gettime\(|\btime\((nullptr|NULL|0)\))"},
         kShipped,
         {"daemon/runtime/clock.cpp"},
         "take the time as an argument; the clock is read in daemon/runtime/clock.cpp"},
        {std::regex{R"(\bsystem_clock::now\()"}, {"tests"}, {"tests/bench/"}, "a made-up time"},
        {std::regex{R"(\bsleep_(for|until)\b|\bu?sleep\(|\bnanosleep\()"},
         {},
         {},
         "wait for what is awaited, or move the clock"},
        {std::regex{R"(\bstd::(cout|cerr|clog)\b|(\b|::)printf\(|\bfmt::print\()"},
         {},
         {"daemon/command_line/", "daemon/app/", "tests/bench/", "tests/browser/",
          "tests/simulation/simulate_faults.cpp"},
         "the log, or a value that the command line prints"},
        {std::regex{R"(\btemp_directory_path\(|\bTempDir\(|\bmkdtemp\(|"/tmp\b)"},
         {"tests"},
         {"tests/temporary_folder.hpp", "tests/bench/"},
         "tests/temporary_folder.hpp: tests run side by side"},
        {std::regex{R"(\bfopen\(|::open\()"},
         {"workflows"},
         {},
         "text that integrations/ has read"},
        {std::regex{R"(\bs?rand\()"}, {}, {}, "a generator with a seed that is passed in"},
        {std::regex{R"(\b(local|gm|mk)time(_r)?\(|\bsetlocale\()"},
         kShipped,
         {},
         "workflows/time, which names its zone"},
        {std::regex{R"((^|[^_\w])assert\()"}, {}, {}, "FRISTVAKT_ASSERT, which stays in release"},
        {std::regex{R"(\b(TODO|FIXME|XXX)\b)"}, {}, {}, "nothing: finish it, or file an issue"},
        {std::regex{R"(#include "\.)"}, {}, {}, "the path from the root"},
        {std::regex{R"(hx-on|"js:|<style|\bstyle=|\bon(click|change|submit|load)=)"},
         {"daemon/web"},
         {},
         "a class, or a file of assets/: the page's policy forbids what stands in the page"},
    };
    return kBans;
}

bool applies(const Ban& ban, const TextFile& file) {
    if (is_about_rules(file) || !is_source(file)) {
        return false;
    }
    const auto begins = [&](const std::string& start) { return file.path.starts_with(start); };
    const auto is_in = [&](const std::string& folder) { return is_below(file, folder); };
    return (ban.where.empty() || std::ranges::any_of(ban.where, is_in)) &&
           std::ranges::none_of(ban.except_in, begins);
}

}  // namespace

Findings includes_pointing_outwards(const std::vector<TextFile>& files) {
    static const std::map<std::string, std::set<std::string>> kAllowed{
        {"workflows", {"workflows"}},
        {"integrations", {"workflows", "integrations"}},
        {"daemon", {"workflows", "integrations", "daemon"}},
        {"tests", {"workflows", "integrations", "daemon", "tests"}},
    };
    static const std::regex kInclude{R"re(^\s*#\s*include\s*["<]([a-z_]+)/([a-z_]+)/)re"};
    Findings found;
    each_match(files, is_source, kInclude, [&](const auto& file, auto index, const auto& match) {
        const auto from = kAllowed.find(file.path.substr(0, file.path.find('/')));
        const std::string to = match[1];
        if (from == kAllowed.end() || !kAllowed.contains(to)) {
            return;
        }
        // The model that decisions are judged by must not lean on what it judges, nor on tests that
        // do.
        const bool leans = is_below(file, "tests/model") && (to != "tests" || match[2] != "model");
        if (!from->second.contains(to) || leans) {
            found.push_back(finding(file, index, "an include that points inwards"));
        }
    });
    return found;
}

Findings impure_includes_in_workflows(const std::vector<TextFile>& files) {
    static const std::regex kOutside{
        R"(^\s*#\s*include\s*<(filesystem|fstream|iostream|thread|mutex|)"
        R"(shared_mutex|condition_variable|future|random|ctime|unistd\.h|fcntl\.h|sys/|net|arpa/|)"
        R"(boost/asio|spdlog/|curl/|sqlite3|SQLiteCpp|httplib|systemd/))"};
    Findings found;
    const auto wanted = [](const TextFile& file) {
        return is_source(file) && is_below(file, "workflows");
    };
    each_match(files, wanted, kOutside, [&](const auto& file, auto index, const auto&) {
        found.push_back(finding(file, index, "an argument, or a port that daemon/ fills"));
    });
    return found;
}

Findings heavy_headers_seen_abroad(const std::vector<TextFile>& files) {
    static const std::regex kHeavy{
        R"(^\s*#\s*include\s*<(nlohmann/json\.hpp|yaml-cpp/|SQLiteCpp/|httplib\.h|curl/|gmime/|)"
        R"(libical/|boost/asio\.hpp|prometheus/))"};
    static const std::regex kInclude{R"re(^\s*#\s*include\s*"([a-z_/]+\.hpp)")re"};
    const auto is_header = [](const TextFile& file) {
        return file.path.ends_with(".hpp") && !is_below(file, "tests");
    };
    std::set<std::string> heavy;
    each_match(files, is_header, kHeavy,
               [&](const auto& file, auto, const auto&) { heavy.insert(file.path); });
    Findings found;
    each_match(files, is_source, kInclude, [&](const auto& file, auto index, const auto& match) {
        if (heavy.contains(match[1]) && folder_of(match[1]) != folder_of(file.path) &&
            !is_below(file, "tests")) {
            found.push_back(finding(file, index, "a header without the library in it"));
        }
    });
    return found;
}

Findings banned_words(const std::vector<TextFile>& files) {
    Findings found;
    for (const Ban& ban : bans()) {
        each_match(
            files, [&](const TextFile& file) { return applies(ban, file); }, ban.pattern,
            [&](const auto& file, auto index, const auto&) {
                found.push_back(finding(file, index, ban.instead));
            });
    }
    return found;
}

Findings lines_too_long(const std::vector<TextFile>& files) {
    Findings found;
    for (const TextFile& file : files) {
        if (!is_source(file) && !is_below(file, "script") && !is_below(file, "cmake") &&
            !file.path.ends_with("CMakeLists.txt") && !file.path.ends_with(".sh")) {
            continue;
        }
        for (std::size_t index = 0; index < file.lines.size(); ++index) {
            // An event in JSON is one line, by its format.
            const bool is_event = file.lines[index].find(R"({"at":")") != std::string::npos;
            if (!is_event && columns(file.lines[index]) > 100) {
                found.push_back(finding(file, index, "at most 100 columns"));
            }
        }
    }
    return found;
}

Findings machine_paths(const std::vector<TextFile>& files) {
    static const std::regex kPath{R"((^|[^\w./$}])/(work|home|root|Users|mnt)/)"};
    Findings found;
    each_match(
        files, [](const TextFile& file) { return !is_about_rules(file); }, kPath,
        [&](const auto& file, auto index, const auto&) {
            found.push_back(finding(file, index, "a path that every machine has"));
        });
    return found;
}

Findings download_addresses(const std::vector<TextFile>& files) {
    static const std::regex kAddress{R"("resolved"|https?://)"};
    const auto is_lock = [](const TextFile& file) {
        return file.path.ends_with("package-lock.json");
    };
    Findings found;
    each_match(files, is_lock, kAddress, [&](const auto& file, auto index, const auto&) {
        found.push_back(finding(file, index, "npm with web/.npmrc, which leaves it out"));
    });
    return found;
}

Findings real_addresses(const std::vector<TextFile>& files) {
    static const std::regex kAddress{R"([\w.+-]+@(?:[\w-]+\.)+([A-Za-z]{2,}))"};
    static const std::set<std::string> kNobodys{"example", "test", "invalid", "localhost"};
    // The lock files name packages and their versions in the same way.
    const auto wanted = [](const TextFile& file) {
        return !is_about_rules(file) && !is_below(file, "web") &&
               !is_below(file, "tests/bench/peers");
    };
    // A unit that is started with an instance is no address.
    static const std::set<std::string> kUnits{"service", "timer", "socket", "target"};
    Findings found;
    each_match(files, wanted, kAddress, [&](const auto& file, auto index, const auto& match) {
        if (!kNobodys.contains(match[1]) && !kUnits.contains(match[1])) {
            found.push_back(finding(file, index, "an address that ends in .example or .test"));
        }
    });
    return found;
}

Findings notices_without_twin(const std::vector<TextFile>& files) {
    static const std::regex kNotice{R"(^(.*/messages/)(nb|nn)/(.+\.md)$)"};
    std::set<std::string> paths;
    for (const TextFile& file : files) {
        paths.insert(file.path);
    }
    Findings found;
    for (const std::string& path : paths) {
        std::smatch part;
        if (std::regex_match(path, part, kNotice)) {
            std::string twin = part[1];
            twin += part[2] == "nb" ? "nn/" : "nb/";
            twin += part[3];
            if (!paths.contains(twin)) {
                found.push_back(twin.append(": missing, the twin of ").append(path));
            }
        }
    }
    return found;
}

Findings alerts_on_unknown_metrics(const std::vector<TextFile>& files) {
    static const std::regex kMetric{R"(\bfristvakt_[a-z_]+)"};
    std::set<std::string> known;
    const auto is_daemon = [](const TextFile& file) {
        return is_source(file) && is_below(file, "daemon");
    };
    each_match(files, is_daemon, kMetric,
               [&](const auto&, auto, const auto& match) { known.insert(match.str()); });
    const auto is_rules = [](const TextFile& file) {
        return file.path == "systemd/prometheus-rules.yml";
    };
    Findings found;
    each_match(files, is_rules, kMetric, [&](const auto& file, auto index, const auto& match) {
        if (!known.contains(match.str())) {
            found.push_back(finding(file, index, "a metric that the daemon exports"));
        }
    });
    return found;
}

Findings faults_that_fit_nowhere(const std::vector<TextFile>& files) {
    const auto content = [&](std::string_view path) {
        std::string text;
        const auto file = std::ranges::find(files, path, &TextFile::path);
        for (std::size_t i = 0; file != files.end() && i < file->lines.size(); ++i) {
            text += (i == 0 ? "" : "\n") + file->lines[i];
        }
        return text;
    };
    const auto between = [](const std::string& text, std::string_view from, std::string_view to) {
        const std::size_t begin = std::min(text.find(from), text.size()) + from.size();
        const std::size_t end = text.find(to, begin);
        return end == std::string::npos ? "" : text.substr(begin, end - begin);
    };
    Findings found;
    const std::string table = content("tests/mutants/faults.txt");
    for (std::size_t at = table.find("\n== "); at != std::string::npos;) {
        const std::size_t next = table.find("\n== ", at + 1);
        const std::string fault = table.substr(at, next - at);
        const std::string path = between(fault, "\nfile: ", "\n");
        const std::string before = between(fault, "\n-- before\n", "\n-- after\n");
        const std::string text = content(path);
        const std::size_t first = before.empty() ? std::string::npos : text.find(before);
        if (first == std::string::npos || text.find(before, first + 1) != std::string::npos) {
            found.push_back("tests/mutants/faults.txt: " + between(fault, "\n== ", "\n") +
                            ": `before` does not stand exactly once in " + path +
                            "\n    instead: the text as it is now");
        }
        at = next;
    }
    return found;
}

std::vector<TextFile> read_project(const std::string& root) {
    static const std::set<std::string> kOthers{"build", "state", "node_modules"};
    std::vector<TextFile> files;
    for (fs::recursive_directory_iterator entry{root}, end; entry != end; ++entry) {
        const std::string name = entry->path().filename().string();
        if (entry->is_directory()) {
            const bool is_hidden = name.starts_with('.') && name != ".ci";
            if (is_hidden || kOthers.contains(name)) {
                entry.disable_recursion_pending();
            }
            continue;
        }
        if (!entry->is_regular_file() || name.starts_with(".#") || name.ends_with(".swp")) {
            continue;
        }
        std::ifstream in{entry->path(), std::ios::binary};
        TextFile file{fs::relative(entry->path(), root).generic_string(), {}};
        bool is_text = true;
        for (std::string line; std::getline(in, line);) {
            is_text = is_text && line.find('\0') == std::string::npos;
            file.lines.push_back(std::move(line));
        }
        if (is_text) {
            files.push_back(std::move(file));
        }
    }
    return files;
}

}  // namespace fristvakt::tests
