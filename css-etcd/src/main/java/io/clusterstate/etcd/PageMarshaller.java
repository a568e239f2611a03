package io.clusterstate.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an answer with a range of keys. The generated types copy each value once more, and a young JVM spends long to
 * compile them.
 *
 * <p>Thread: immutable.
 */
final class PageMarshaller implements Marshaller<Page> {

    private static final int BUFFER = 64 * 1024;

    @Override
    public Page parse(InputStream answer) {
        try {
            return page(CodedInputStream.newInstance(answer, BUFFER));
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("answer: not of a range")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    @Override
    public InputStream stream(Page page) {
        throw new UnsupportedOperationException("page: " + page + " (expected: only to be read)");
    }

    private static Page page(CodedInputStream in) throws IOException {
        long revision = 0;
        List<KeyUpdate> updates = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case RangeResponse.HEADER_FIELD_NUMBER -> revision = revision(in);
                case RangeResponse.KVS_FIELD_NUMBER -> updates.add(pair(in));
                default -> in.skipField(tag);
            }
        }
        return new Page(revision, updates);
    }

    private static long revision(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        long revision = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == ResponseHeader.REVISION_FIELD_NUMBER) {
                revision = in.readInt64();
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outer);
        return revision;
    }

    private static KeyUpdate pair(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        ByteString key = ByteString.EMPTY;
        byte[] value = {};
        long revision = 0;
        long created = 0;
        long version = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case KeyValue.KEY_FIELD_NUMBER -> key = in.readBytes();
                case KeyValue.VALUE_FIELD_NUMBER -> value = in.readByteArray();
                case KeyValue.MOD_REVISION_FIELD_NUMBER -> revision = in.readInt64();
                case KeyValue.CREATE_REVISION_FIELD_NUMBER -> created = in.readInt64();
                case KeyValue.VERSION_FIELD_NUMBER -> version = in.readInt64();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(outer);
        return new KeyUpdate(ByteSequence.from(key), value, revision, created, version);
    }
}
