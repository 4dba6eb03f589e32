#include "daemon/graph_desk/calendar_watch.hpp"

#include <condition_variable>
#include <mutex>

#include "tests/graph/graph_fixture.hpp"
#include "tests/unit/graph_desk/desk_plan.hpp"

/// The calendar's own thread, against the stand-in.
namespace fristvakt::tests {
namespace {

using daemon::BatchAnswer;
using daemon::EventAnswer;
using daemon::Forecast;
using daemon::RaiseEvent;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Status;

/// The engine of an exchange, for one other thread; a test can wait for what that raises.
class OneEngine final : public daemon::EngineAccess {
 public:
    OneEngine(Exchange& exchange, workflows::Instant now) : exchange_(exchange), now_(now) {}

    Result<EventAnswer> raise(const RaiseEvent& command) override {
        auto answer = exchange_.office().engine().raise({command}, now_).front();
        const std::scoped_lock lock{mutex_};
        raised_.push_back(command.event);
        changed_.notify_all();
        return answer;
    }
    /// The first event of that name.
    workflows::Event wait_for_event(const std::string& name) {
        std::unique_lock lock{mutex_};
        const auto find = [&] { return std::ranges::find(raised_, name, &workflows::Event::name); };
        changed_.wait(lock, [&] { return find() != raised_.end(); });
        return *find();
    }
    std::unique_ptr<workflows::Snapshot> snapshot() override {
        return exchange_.office().store().snapshot();
    }
    std::shared_ptr<const workflows::Definitions> definitions() const override {
        return exchange_.plan().load();
    }

    Result<BatchAnswer> raise_all(const std::vector<RaiseEvent>&) override { return unused(); }
    Result<Forecast> preview(const std::vector<RaiseEvent>&) override { return unused(); }
    Status stop(std::int64_t, const std::string&, const std::string&) override { return unused(); }
    Status postpone(std::int64_t, workflows::Date, const std::string&) override { return unused(); }
    Status hold(const std::string&, const std::string&) override { return unused(); }
    Status release(std::optional<std::int64_t>, const std::string&) override { return unused(); }
    Status retry(std::int64_t, const std::string&) override { return unused(); }
    Status sent_before(std::int64_t, const std::string&) override { return unused(); }
    Status note_test(const daemon::TestedNotice&) override { return unused(); }
    Status confirm_card(const std::string&, std::int64_t) override { return unused(); }
    daemon::EngineHealth health() const override { return {}; }

 private:
    static Error unused() { return {ErrorKind::Unavailable, "nobody asks this"}; }

    Exchange& exchange_;
    workflows::Instant now_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<workflows::Event> raised_;
};

class Watch : public GraphTest {
 protected:
    Watch() {
        exchange_.take("03-01T10:00 invite");
        server_.set_time(at("2021-03-01T10:01"));
    }
    [[nodiscard]] std::unique_ptr<daemon::CalendarWatch> watch() {
        return std::make_unique<daemon::CalendarWatch>(
            clock_, engine_, hook_,
            daemon::CalendarRounds::Options{.file = folder_ / "calendars.json",
                                            .make_secret = [] { return std::string{"x"}; }});
    }

    Exchange exchange_{desk_plan(server_.settings())};
    OneEngine engine_{exchange_, at("2021-03-01T10:02")};
    daemon::DemoClock clock_{at("2021-03-01T10:01"), 1};  // Stands.
    TemporaryFolder folder_;
    daemon::GraphHook hook_;
};

/// Made, answered by somebody before it is looked at again, and handed over as what it is.
TEST_F(Watch, MakesMeetingsAndBringsAnswers) {
    server_.tell({{"hold", true}});
    const auto one = watch();
    for (int request = 0; request < 2; ++request) {  // It is searched for, then made.
        server_.tell({{"await_held", 1}});
        server_.tell({{"release", 1}});
    }
    server_.tell({{"await_held", 1}});
    EXPECT_EQ(mails(), Lines{"invited kari@by.example marta@dal.example"});
    server_.tell({{"respond",
                   {{"event", event().at("id")},
                    {"address", "kari@by.example"},
                    {"response", "tentativelyAccepted"},
                    {"time", "2021-03-01T09:01:30Z"}}}});
    server_.tell({{"release", -1}});
    const auto online = engine_.wait_for_event("online");
    EXPECT_EQ(online.case_id, kMeeting);
    EXPECT_TRUE(online.fields.at("join_url").starts_with("https://teams.example/"));
    const auto raised = engine_.wait_for_event("responded");
    EXPECT_EQ(raised.case_id, kMeeting);
    EXPECT_EQ(raised.by, workflows::Actor::Attendee);
    EXPECT_EQ(raised.fields,
              (std::map<std::string, std::string>{{"attendee", "kari@by.example"},
                                                  {"answer", "tentative"},
                                                  {"stamped_at", "2021-03-01T09:01:30Z"},
                                                  {"via", "graph"}}));
}

TEST_F(Watch, EndsInTheMiddleOfACall) {
    server_.tell({{"hold", true}});
    {
        const auto one = watch();
        server_.tell({{"await_held", 1}});
        one->look_now();
    }
    server_.tell({{"release", -1}});
    EXPECT_EQ(mails(), Lines{});
}

}  // namespace
}  // namespace fristvakt::tests
