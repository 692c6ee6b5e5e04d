#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "nascent/search/executor/executor_policy.hpp"

namespace nascent {

/// Executor: evaluates in threads of this process. Each worker has a copy of the evaluator, so
/// copies must be usable side by side.
class Threads {
 public:
  /// Throws std::invalid_argument for less than one.
  explicit Threads(int workers) : workers_(workers) {
    if (workers < 1)
      throw std::invalid_argument("Threads needs at least 1 worker, and was given " +
                                  std::to_string(workers));
  }

  /// Threads, each with a copy of the evaluator.
  template <class Space, class Evaluator>
  class Pool {
   public:
    using Architecture = typename Space::Architecture;

    /// The space outlives it.
    Pool(const Space& space, const Evaluator& evaluator, int workers)
        : space_(space), workers_(static_cast<std::size_t>(workers)) {
      for (int i = 0; i < workers; ++i)
        threads_.emplace_back([this, i, mine = evaluator]() mutable {
          detail::serve_as(mine, i);
          work(mine);
        });
    }
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() {
      {
        const std::lock_guard lock(mutex_);
        closing_ = true;
        waiting_.clear();
        for (const auto& job : running_) job->cancelled = true;
      }
      work_.notify_all();
      for (std::thread& thread : threads_) thread.join();
    }

    int size() const { return static_cast<int>(workers_); }

    void start(JobId job, const Trial<Architecture>& trial) {
      {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::make_shared<Job>(job, trial));
      }
      work_.notify_one();
    }

    void cancel(JobId id) {
      const std::lock_guard lock(mutex_);
      for (auto* jobs : {&running_, &waiting_})
        for (const auto& job : *jobs)
          if (job->id == id) job->cancelled = true;
    }

    std::optional<Finished> wait(JobHost& host) {
      std::unique_lock lock(mutex_);
      said_.wait_for(lock, std::chrono::milliseconds(20),
                     [this] { return !reports_.empty() || !finished_.empty(); });
      while (!reports_.empty()) {
        const auto [job, report] = reports_.front();
        reports_.pop_front();
        lock.unlock();  // a callback may take its time
        host.on_epoch(job, report);
        lock.lock();
      }
      if (finished_.empty()) return std::nullopt;
      Finished finished = std::move(finished_.front());
      finished_.pop_front();
      return finished;
    }

   private:
    struct Job {
      JobId id;
      Trial<Architecture> trial;
      std::atomic<bool> cancelled = false;
      Job(JobId i, const Trial<Architecture>& t) : id(i), trial(t) {}
    };

    struct Reporter : Monitor {
      Pool& pool;
      Job& job;
      Reporter(Pool& p, Job& j) : pool(p), job(j) {}
      void on_epoch(const EpochReport& report) override { pool.tell(job.id, report); }
      bool cancelled() override { return job.cancelled; }
    };

    void work(Evaluator& evaluator) {
      std::unique_lock lock(mutex_);
      while (true) {
        work_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
        if (closing_) return;
        const std::shared_ptr<Job> job = waiting_.front();
        waiting_.pop_front();
        running_.push_back(job);
        lock.unlock();
        Finished finished{job->id, {}, {}};
        if (!job->cancelled) {
          Reporter monitor(*this, *job);
          finished = detail::finish(job->id, space_, evaluator, job->trial, monitor);
        }
        lock.lock();
        std::erase(running_, job);
        finished_.push_back(std::move(finished));
        said_.notify_one();
      }
    }

    void tell(JobId job, const EpochReport& report) {
      const std::lock_guard lock(mutex_);
      reports_.emplace_back(job, report);
      said_.notify_one();
    }

    const Space& space_;
    std::size_t workers_;
    std::mutex mutex_;
    std::condition_variable work_, said_;
    std::deque<std::shared_ptr<Job>> waiting_, running_;
    std::deque<std::pair<JobId, EpochReport>> reports_;
    std::deque<Finished> finished_;
    bool closing_ = false;
    std::vector<std::thread> threads_;  // last: they use all of the above
  };

  template <class Space, class Evaluator>
  Pool<Space, std::remove_const_t<Evaluator>> crew(const Space& space, Evaluator& evaluator) const {
    static_assert(std::copy_constructible<std::remove_const_t<Evaluator>>,
                  "nascent: Threads gives each worker a copy of your Evaluator, so it must be "
                  "copyable - docs/concepts.md#executor");
    return {space, evaluator, workers_};
  }

  std::string name() const { return std::to_string(workers_) + " threads"; }

 private:
  int workers_;
};

}  // namespace nascent
