package dev.floe.repository;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final Budget BUDGET = new Budget(100, 100, 100, 100, 100);

  @Test
  void aTenthMoreIsAccepted() {
    assertThat(BUDGET.exceededBy(new Budget(110, 110, 110, 110, 110), 1)).isEmpty();
  }

  @Test
  void moreThanATenthIsNamed() {
    assertThat(BUDGET.exceededBy(new Budget(90, 90, 111, 90, 90), 1))
        .containsExactly("anonymousMebibytes is 111.0, budget 100.0");
  }

  @Test
  void aSlowerMachineMayStartMoreSlowlyButNotGrow() {
    assertThat(BUDGET.exceededBy(new Budget(200, 100, 100, 111, 100), 2))
        .containsExactly("sizeMebibytes is 111.0, budget 100.0");
  }
}
