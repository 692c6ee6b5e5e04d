#pragma once

#include <string>

#include "nascent/train/cpu/kernels.hpp"
#include "nascent/train/device.hpp"

namespace nascent {

/// What of the machine rounding depends on: the device; on the CPU its instruction set, too.
inline std::string machine_of(const Device& device) {
  if (!device.is_cpu()) return device.type();
  return device.type() + " " + cpu::kernels().instruction_set;
}

}  // namespace nascent
