// error: nascent: your Head needs `at::Tensor logits
#include <nascent/train/head/head_policy.hpp>

using namespace nascent;

struct Mine {
  using State = NoHeadState;
  State start() const { return {}; }
#ifdef NASCENT_COMPILE_FAIL
  at::Tensor logits(const FaceBatch& batch) const { return batch.embeddings; }
#else
  at::Tensor logits(State&, const FaceBatch& batch, const at::Tensor&) const {
    return batch.embeddings;
  }
#endif
};

static_assert(detail::explain_head<Mine>());
