#include "daemon/http/metrics.hpp"

#include <gtest/gtest.h>

namespace fristvakt::tests {
namespace {

using namespace daemon;

TEST(Metrics, WritesWhatPrometheusReads) {
    MetricsText text;
    text.add({.name = "fristvakt_things",
              .type = MetricType::Gauge,
              .help = "Things\nof \\ all kinds.",
              .samples = {{{{"name", "a\"b\\c\nd"}, {"other", "æ"}}, 1.5}, {{}, 0}}});
    text.add({.name = "fristvakt_done_total",
              .type = MetricType::Counter,
              .help = "Done.",
              .samples = {{{}, 1611745200}}});
    EXPECT_EQ(text.str(),
              "# HELP fristvakt_things Things\\nof \\\\ all kinds.\n"
              "# TYPE fristvakt_things gauge\n"
              "fristvakt_things{name=\"a\\\"b\\\\c\\nd\",other=\"æ\"} 1.5\n"
              "fristvakt_things 0\n"
              "# HELP fristvakt_done_total Done.\n"
              "# TYPE fristvakt_done_total counter\n"
              "fristvakt_done_total 1611745200\n");
}

TEST(Metrics, CountsRequestsInBuckets) {
    RequestMetrics requests{{"books"}};
    requests.count("books", 200, 0.0005);
    requests.count("books", 503, 0.3);
    requests.count("books", 404, 60);
    requests.count("unheard-of", 200, 1);
    MetricsText text;
    requests.write(text);
    for (const char* line :
         {"fristvakt_http_requests_total{handler=\"books\",code=\"2xx\"} 1\n",
          "fristvakt_http_requests_total{handler=\"books\",code=\"5xx\"} 1\n",
          "fristvakt_http_requests_total{handler=\"none\",code=\"2xx\"} 0\n",
          "fristvakt_http_request_duration_seconds_bucket{handler=\"books\",le=\"0.001\"} 1\n",
          "fristvakt_http_request_duration_seconds_bucket{handler=\"books\",le=\"0.5\"} 2\n",
          "fristvakt_http_request_duration_seconds_bucket{handler=\"books\",le=\"+Inf\"} 3\n",
          "fristvakt_http_request_duration_seconds_count{handler=\"books\"} 3\n"}) {
        EXPECT_NE(text.str().find(line), std::string::npos) << line << text.str();
    }
    EXPECT_EQ(text.str().find("unheard-of"), std::string::npos);
    // Each metric is declared once.
    const std::string type = "# TYPE fristvakt_http_request_duration_seconds histogram";
    EXPECT_EQ(text.str().find(type), text.str().rfind(type));
}

}  // namespace
}  // namespace fristvakt::tests
