using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TrafficDispatch.Service.Tests;

/// <summary>Keeps what the service logs, for tests to read. Thread-safe.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The lines so far: level and text.</summary>
    public IReadOnlyCollection<string> All => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}".TrimEnd());

    public void Dispose()
    {
    }
}
