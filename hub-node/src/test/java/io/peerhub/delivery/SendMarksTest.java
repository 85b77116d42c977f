package io.peerhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.delivery.SendMarks.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SendMarksTest {
  private final SendMarks<String> marks = new SendMarks<>();

  @Test
  void numbersRiseByOneFromOne() {
    assertThat(marks.place(2)).isEqualTo(Place.HOLE);
    assertThat(marks.place(1)).isEqualTo(Place.NEXT);
    assertThat(marks.place(1)).isEqualTo(Place.REPEAT);
    assertThat(marks.place(3)).isEqualTo(Place.HOLE);
    assertThat(marks.place(2)).isEqualTo(Place.NEXT);
    assertThat(marks.received()).isEqualTo(2);
  }

  @Test
  void rememberTheLastAnswerOfANumber() {
    marks.place(1);
    assertThat(marks.answer(1)).isNull();
    marks.answered(1, "accepted");
    marks.answered(1, "dropped");
    assertThat(marks.answer(1)).isEqualTo("dropped");
  }

  @Test
  void anAnswerToANumberThatNeverCameIsNotKept() {
    marks.place(1);
    marks.answered(2, "from another numbering");
    marks.answered(0, "without a number");
    marks.place(2);
    assertThat(marks.answer(2)).isNull();
    assertThat(marks.answer(0)).isNull();
  }

  @Test
  void forgetWhatIsTooLongAgo() {
    for (long n = 1; n <= SendMarks.REMEMBERED + 1; n++) {
      marks.place(n);
      marks.answered(n, "answer " + n);
    }
    assertThat(marks.answer(1)).isNull();
    assertThat(marks.answer(2)).isEqualTo("answer 2");
    assertThat(marks.remembered()).hasSize(SendMarks.REMEMBERED);
  }

  @Test
  void goOnWhereAnotherSessionStopped() {
    marks.restore(5);
    marks.answered(4, "four");
    assertThat(marks.place(5)).isEqualTo(Place.REPEAT);
    assertThat(marks.answer(4)).isEqualTo("four");
    assertThat(marks.place(6)).isEqualTo(Place.NEXT);
  }

  @Test
  void behaveLikeATableOfTheLastNumbers() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      SendMarks<String> tested = new SendMarks<>();
      Map<Long, String> model = new HashMap<>();
      for (int i = 0; i < 5_000; i++) {
        if (random.nextBoolean()) {
          tested.place(tested.received() + 1);
        }
        long back = random.nextInt(random.nextInt(10) == 0 ? 1_200 : 40);
        long n = Math.max(1, tested.received() - back);
        if (tested.received() > 0 && random.nextInt(3) == 0) {
          tested.answered(n, "answer " + i);
          model.put(n, "answer " + i);
        }
        boolean remembered = n > tested.received() - SendMarks.REMEMBERED;
        assertThat(tested.answer(n))
            .as("seed %d", seed)
            .isEqualTo(remembered ? model.get(n) : null);
      }
      long oldest = tested.received() - SendMarks.REMEMBERED;
      assertThat(tested.remembered())
          .containsExactlyInAnyOrderElementsOf(
              model.entrySet().stream()
                  .filter(each -> each.getKey() > oldest)
                  .map(Map.Entry::getValue)
                  .toList());
    }
  }
}
