"""Song 2017: temperature, distillation and adversarial pixels on MNIST."""
