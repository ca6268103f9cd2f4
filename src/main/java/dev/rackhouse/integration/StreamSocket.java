package dev.rackhouse.integration;

import dev.rackhouse.ssh.DuplexStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A stream in the form that the HTTP library takes. It has no time limits: see {@link Deadline}. */
final class StreamSocket extends Socket {

    private final DuplexStream stream;

    StreamSocket(DuplexStream stream) {
        this.stream = stream;
    }

    @Override
    public InputStream getInputStream() {
        return stream.input();
    }

    @Override
    public OutputStream getOutputStream() {
        return stream.output();
    }

    @Override
    public synchronized void setSoTimeout(int millis) {
        // a deadline closes the stream instead
    }

    @Override
    public synchronized int getSoTimeout() {
        return 0;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public void shutdownInput() {
        // closing the stream does it
    }

    @Override
    public void shutdownOutput() {
        // closing the stream does it; before, it would end the request in the eyes of a Docker engine
    }

    @Override
    public synchronized void close() {
        stream.close();
    }
}
