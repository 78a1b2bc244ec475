using System.Collections.Immutable;
using Grpc.Core;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Control;

/// <summary>
/// Keeps what people changed: a line before a change is made and one after, on this machine's disk, and with Redis in a stream that all share. A change
/// whose first line cannot be written is not made. Thread-safe.
/// </summary>
internal sealed class AuditTrail : IDisposable
{
    private readonly AuditFile _file;
    private readonly StateDoor _door;
    private readonly TableHolder _holder;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditTrail> _logger;
    private readonly AccessGate _gate;
    private readonly string _process;
    private readonly Occasionally _refusals;
    private long _failures;

    /// <summary>Opens the trail; refused calls are heard of from now on.</summary>
    public AuditTrail(Options.ServiceSettings settings, StateDoor door, TableHolder holder, Leadership leadership, AccessGate gate, TimeProvider time, ILogger<AuditTrail> logger)
    {
        (_door, _holder, _gate, _time, _logger, _process) = (door, holder, gate, time, logger, leadership.Name);
        _file = new(settings.State.Path, settings.Admin.AuditMegabytes * 1_000_000L);
        // As many as anybody sends must not fill the disk, nor push out what was changed.
        _refusals = new(time, TimeSpan.FromSeconds(1));
        gate.Refused += Hear;
    }

    /// <summary>Lines that could not be written here, or not be told to those who share the store.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <inheritdoc/>
    public void Dispose() => _gate.Refused -= Hear;

    /// <summary>Writes the line before a change.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: it cannot be written, so the change must not be made.</exception>
    public AuditEntry Begin(Caller caller, string onBehalfOf, string action, string what, string reason)
    {
        AuditEntry entry = new(Guid.NewGuid().ToString("N")[..12], _time.GetUtcNow(), caller, onBehalfOf, action, what, reason, AuditResult.Begun, "", InForce(), "", _process);
        try
        {
            _file.Append(entry.ToLine());
            return entry;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _failures);
            ControlLog.AuditFails(_logger, _file.Path, e.Message);
            throw new RpcException(new Status(StatusCode.Unavailable, $"Nothing was changed: the audit cannot be written ({e.Message})."));
        }
    }

    /// <summary>Writes the line after a change, which has been made by now, or refused: what cannot be written any more is told in the log.</summary>
    public async Task EndAsync(AuditEntry begun, AuditResult result, string detail)
    {
        AuditEntry entry = begun with { At = _time.GetUtcNow(), Result = result, Detail = detail, After = InForce() };
        ControlLog.Changed(_logger, entry.Action, entry.What, entry.Caller.Name, entry.Caller.From, result.ToString(), detail);
        byte[] line = Write(entry);
        try
        {
            await _door.Store.Changes.AppendAsync(line.AsMemory(0, line.Length - 1), CancellationToken.None);
        }
        catch (StoreUnavailableException e)
        {
            Interlocked.Increment(ref _failures);
            ControlLog.AuditNotShared(_logger, _file.Path, e.Message);
        }
    }

    /// <summary>What was changed and refused, newest first, each change once: of all processes where they share a stream, else of this one.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task<IReadOnlyList<AuditEntry>> LatestAsync(int most, CancellationToken cancellation)
    {
        ImmutableArray<byte[]>? shared = await _door.Store.Changes.LatestAsync(most, cancellation);
        IEnumerable<ReadOnlyMemory<byte>> lines = shared is { } held ? held.Select(static l => (ReadOnlyMemory<byte>)l) : _file.Latest();
        // The last line of a change comes first, and holds all that the one before it does.
        return [.. lines.Select(AuditEntry.Read).OfType<AuditEntry>().DistinctBy(static e => e.Id).Take(most)];
    }

    private byte[] Write(AuditEntry entry)
    {
        byte[] line = entry.ToLine();
        try
        {
            _file.Append(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _failures);
            ControlLog.AuditFails(_logger, _file.Path, e.Message);
        }
        return line;
    }

    private void Hear(object? sender, RefusedCall refused)
    {
        if (!_refusals.IsDue(out long before)) return;
        string more = before > 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"; {before} more refusals since the last line") : "";
        Write(new(Guid.NewGuid().ToString("N")[..12], _time.GetUtcNow(), refused.Caller, "", refused.Method, "", "", AuditResult.Refused, refused.Code + more, InForce(), InForce(), _process));
    }

    private string InForce() => _holder.Current?.Table.Version.ToString() ?? "";
}
