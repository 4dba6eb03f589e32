#include "daemon/http/metrics.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace fristvakt::daemon {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

void append_escaped(std::string& out, std::string_view text, bool quotes) {
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && quotes) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
}

std::string labels_text(const Labels& labels) {
    std::string out;
    for (const auto& [name, value] : labels) {
        out += (out.empty() ? "{" : ",") + name + "=\"";
        append_escaped(out, value, true);
        out += '"';
    }
    return out.empty() ? out : out + "}";
}

std::string number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    return fmt::format("{}", value);
}

}  // namespace

void MetricsText::declare(std::string_view name, std::string_view help, std::string_view type) {
    if (declared_ == name) {
        return;
    }
    declared_ = name;
    text_ += fmt::format("# HELP {} ", name);
    append_escaped(text_, help, false);
    text_ += fmt::format("\n# TYPE {} {}\n", name, type);
}

void MetricsText::add(const Metric& metric) {
    declare(metric.name, metric.help, metric.type == MetricType::Counter ? "counter" : "gauge");
    for (const Metric::Sample& sample : metric.samples) {
        text_ +=
            fmt::format("{}{} {}\n", metric.name, labels_text(sample.labels), number(sample.value));
    }
}

void MetricsText::add_histogram(
    std::string_view name, std::string_view help, const Labels& labels,
    const std::vector<std::pair<double, std::int64_t>>& cumulative_buckets, double sum) {
    declare(name, help, "histogram");
    for (const auto& [bound, count] : cumulative_buckets) {
        Labels with_bound = labels;
        with_bound.emplace_back("le", number(bound));
        text_ += fmt::format("{}_bucket{} {}\n", name, labels_text(with_bound), count);
    }
    const std::int64_t count = cumulative_buckets.empty() ? 0 : cumulative_buckets.back().second;
    text_ += fmt::format("{}_sum{} {}\n", name, labels_text(labels), number(sum));
    text_ += fmt::format("{}_count{} {}\n", name, labels_text(labels), count);
}

RequestMetrics::RequestMetrics(const std::vector<std::string>& handlers) {
    series_.try_emplace("none");
    for (const std::string& handler : handlers) {
        series_.try_emplace(handler);
    }
    for (auto& [name, series] : series_) {
        series.by_class = {{2, 0}, {3, 0}, {4, 0}, {5, 0}};
    }
}

void RequestMetrics::count(std::string_view handler, int status, double duration_seconds) {
    const auto bucket = static_cast<std::size_t>(
        std::ranges::lower_bound(kBounds, duration_seconds) - kBounds.begin());
    const std::lock_guard lock{mutex_};
    const auto found = series_.find(handler);
    if (found == series_.end()) {
        return;
    }
    ++found->second.by_class[status / 100];
    ++found->second.buckets[bucket];
    found->second.sum_seconds += duration_seconds;
}

void RequestMetrics::write(MetricsText& text) const {
    const std::lock_guard lock{mutex_};
    Metric requests{.name = "fristvakt_http_requests_total",
                    .type = MetricType::Counter,
                    .help = "Answers given, by handler and class of status.",
                    .samples = {}};
    for (const auto& [name, series] : series_) {
        for (const auto& [status, count] : series.by_class) {
            requests.samples.push_back({{{"handler", name}, {"code", fmt::format("{}xx", status)}},
                                        static_cast<double>(count)});
        }
    }
    text.add(requests);
    for (const auto& [name, series] : series_) {
        std::vector<std::pair<double, std::int64_t>> cumulative;
        std::int64_t sum{0};
        for (std::size_t i = 0; i < series.buckets.size(); ++i) {
            sum += series.buckets[i];
            cumulative.emplace_back(i < kBounds.size() ? kBounds[i] : HUGE_VAL, sum);
        }
        text.add_histogram("fristvakt_http_request_duration_seconds",
                           "How long handlers took, writing the answer out not included.",
                           {{"handler", name}}, cumulative, series.sum_seconds);
    }
}

}  // namespace fristvakt::daemon
