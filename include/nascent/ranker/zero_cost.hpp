#pragma once

#include <concepts>

#include "nascent/ranker/ranker_policy.hpp"

namespace nascent {

// What ZeroCost may ask for (Abdelfattah et al. 2021; Mellor et al. 2021). The first two need no
// evaluator, in millions; what an evaluator does not know is a failed trial.
/// Proxy: trainable parameters, in millions.
struct Parameters {
  static constexpr Measure measure = Measure::parameters;  ///< that ZeroCost asks for
};
/// Proxy: FLOPs of one image, in millions (LayerDescription::flops).
struct Flops {
  static constexpr Measure measure = Measure::flops;  ///< that ZeroCost asks for
};
/// Proxy: the layers' L2 norms of the loss's gradient, summed (Abdelfattah et al. 2021).
struct GradNorm {
  static constexpr Measure measure = Measure::grad_norm;  ///< that ZeroCost asks for
};
/// Proxy: |weight x gradient| of the loss, summed over all weights (Lee et al. 2019).
struct Snip {
  static constexpr Measure measure = Measure::snip;  ///< that ZeroCost asks for
};
/// Proxy: logarithm of the sum of |weight x gradient|, all weights positive, on an image of ones
/// (Tanaka et al. 2020).
struct SynFlow {
  static constexpr Measure measure = Measure::synflow;  ///< that ZeroCost asks for
};
/// Proxy: how differently the network answers to changes of different images (Mellor et al. 2020).
struct JacobCov {
  static constexpr Measure measure = Measure::jacob_cov;  ///< that ZeroCost asks for
};
/// Proxy: how differently rectifiers switch on different images (Mellor et al. 2021).
struct Naswot {
  static constexpr Measure measure = Measure::naswot;  ///< that ZeroCost asks for
};
/// Proxy: the layers' L2 norms of the weights, summed (Krishnakumar et al. 2022).
struct L2Norm {
  static constexpr Measure measure = Measure::l2_norm;  ///< that ZeroCost asks for
};

/// A proxy is a type that says which `Measure` it is.
template <class P>
concept ProxyPolicy = requires {
  { P::measure } -> std::convertible_to<Measure>;
};

/// Judges candidates by a proxy of their accuracy, computed on one batch without training. The
/// score stands where the accuracy would: it orders candidates and is no percentage. Parameters
/// and FLOPs, which nearly tie with the proxies, are in the metrics beside it.
template <class Proxy>
struct ZeroCost {
  static_assert(ProxyPolicy<Proxy>,
                "nascent: ZeroCost needs a proxy such as Parameters, Flops, SynFlow or Naswot, or "
                "a struct with `static constexpr Measure measure` - docs/concepts.md#ranker");

  struct State {};

  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train.score(Proxy::measure);
    Judgement judgement(outcome);
    judgement.measure = Proxy::measure;
    co_return judgement;
  }

  template <class Field>
  void options(Field&& field) const {
    field("proxy", to_string(Proxy::measure));
  }
};

static_assert(RankerPolicy<ZeroCost<SynFlow>>);

}  // namespace nascent
