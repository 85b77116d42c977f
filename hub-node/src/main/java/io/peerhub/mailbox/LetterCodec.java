package io.peerhub.mailbox;

import com.google.protobuf.UnsafeByteOperations;
import io.peerhub.delivery.Letter;
import io.peerhub.mailbox.stored.StoredLetter;
import io.peerhub.protocol.Body;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is stored of a letter. The numbers of bodies are those of the schema, for ever. */
final class LetterCodec {
  private LetterCodec() {}

  static StoredLetter stored(Letter letter) {
    StoredLetter.Builder stored = StoredLetter.newBuilder();
    switch (letter) {
      case Letter.Message message -> stored.setMessage(stored(message));
      case Letter.Receipt receipt -> stored.setReceipt(stored(receipt));
    }
    return stored.build();
  }

  private static StoredLetter.Message stored(Letter.Message it) {
    StoredLetter.Message.Builder message =
        StoredLetter.Message.newBuilder()
            .setFrom(it.from().text())
            .setAddressed(it.addressed())
            .setBodyKind(number(it.body().kind()))
            .setBody(UnsafeByteOperations.unsafeWrap(it.body().bytes()))
            .setId(it.id())
            .setRe(it.re())
            .setSentAt(it.sentAt());
    it.headers().forEach((key, value) -> message.addHeadersBuilder().setKey(key).setValue(value));
    return message.build();
  }

  static StoredLetter.Receipt stored(Letter.Receipt it) {
    return StoredLetter.Receipt.newBuilder()
        .setFrom(it.from().text())
        .setPlace(it.place())
        .setMessageId(it.messageId())
        .setAddressed(it.addressed())
        .setFate(it.fate().ordinal())
        .setAttempts(it.attempts())
        .setReason(it.reason())
        .build();
  }

  private static int number(Body.Kind kind) {
    return switch (kind) {
      case EMPTY -> 0;
      case TEXT -> 1;
      case DATA -> 2;
      case JSON -> 3;
    };
  }

  static Letter letter(StoredLetter stored) throws UnreadableRow {
    return switch (stored.getLetterCase()) {
      case MESSAGE -> message(stored.getMessage());
      case RECEIPT -> receipt(stored.getReceipt());
      case LETTER_NOT_SET -> throw new UnreadableRow("a kind of letter that is not known");
    };
  }

  private static Letter.Message message(StoredLetter.Message it) throws UnreadableRow {
    Map<String, String> headers = it.getHeadersCount() == 0 ? Map.of() : new LinkedHashMap<>();
    for (StoredLetter.Header header : it.getHeadersList()) {
      headers.put(header.getKey(), header.getValue());
    }
    return new Letter.Message(
        FactCodec.identity(it.getFrom()),
        it.getAddressed(),
        Body.of(kind(it.getBodyKind()), it.getBody().toByteArray()),
        it.getId(),
        it.getRe(),
        it.getSentAt(),
        headers);
  }

  static Letter.Receipt receipt(StoredLetter.Receipt it) throws UnreadableRow {
    return new Letter.Receipt(
        FactCodec.identity(it.getFrom()),
        FactCodec.place(it.getPlace()),
        it.getMessageId(),
        it.getAddressed(),
        FactCodec.fate(it.getFate()),
        FactCodec.count(it.getAttempts()),
        it.getReason());
  }

  private static Body.Kind kind(int number) throws UnreadableRow {
    return switch (number) {
      case 0 -> Body.Kind.EMPTY;
      case 1 -> Body.Kind.TEXT;
      case 2 -> Body.Kind.DATA;
      case 3 -> Body.Kind.JSON;
      default -> throw new UnreadableRow("a body of kind " + number);
    };
  }
}
