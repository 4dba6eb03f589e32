#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fristvakt::daemon {

enum class MetricType { Gauge, Counter };

/// Samples of one metric. Times are Unix seconds, never ages.
struct Metric {
    std::string name;  ///< "fristvakt_…"; counters end in "_total".
    MetricType type{MetricType::Gauge};
    std::string help;
    struct Sample {
        std::vector<std::pair<std::string, std::string>> labels;
        double value{0};
    };
    std::vector<Sample> samples;
};

/// More metrics, from parts that the HTTP service does not know; called at each scrape.
using MoreMetrics = std::function<std::vector<Metric>()>;

/// The text format that Prometheus reads, version 0.0.4.
class MetricsText {
 public:
    void add(const Metric& metric);
    void add_histogram(std::string_view name, std::string_view help,
                       const std::vector<std::pair<std::string, std::string>>& labels,
                       const std::vector<std::pair<double, std::int64_t>>& cumulative_buckets,
                       double sum);
    [[nodiscard]] const std::string& str() const { return text_; }

 private:
    void declare(std::string_view name, std::string_view help, std::string_view type);
    std::string text_;
    std::string declared_;  ///< The name whose HELP and TYPE were written last.
};

/// What the HTTP service counts of itself, by handler. Any thread.
class RequestMetrics {
 public:
    /// All series of these handlers begin at 0: a missing one then means a dead exporter.
    explicit RequestMetrics(const std::vector<std::string>& handlers);
    void count(std::string_view handler, int status, double duration_seconds);
    void write(MetricsText& text) const;

 private:
    static constexpr std::array kBounds{0.001, 0.005, 0.02, 0.1, 0.5, 2.5};
    struct Series {
        std::map<int, std::int64_t> by_class;  ///< 2 for 2xx, …
        std::array<std::int64_t, kBounds.size() + 1> buckets{};
        double sum_seconds{0};
    };
    mutable std::mutex mutex_;
    std::map<std::string, Series, std::less<>> series_;  ///< Guarded by mutex_.
};

}  // namespace fristvakt::daemon
