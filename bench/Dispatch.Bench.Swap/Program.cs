using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Service;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;
using TrafficDispatch.Table;

// The service with a new table every second for as long as a file is there: what a replica does that is told of one, by the replica's own
// parts (TableIntake), from the bytes in a store through every check to the swap and to its disk. Each table has another version than the one before.
// usage: Dispatch.Bench.Swap FILE [SETTINGS…]; each line of standard output tells tables swapped, what one took, and bytes alive after a collection.
string marker = args[0];
await using ServiceApplication service = ServiceApplication.Create(args[1..], TimeProvider.System, Console.Error) ?? throw new InvalidOperationException("settings");
if (!service.TryPrepare(Console.Error)) return ServiceApplication.BadInput;
var holder = service.Parts.GetRequiredService<TableHolder>();
TaskCompletionSource made = new();
holder.Swapped += (_, _) =>
{
    if (holder.Current!.Failures.State == FailureState.Made) made.TrySetResult();
};
await service.StartAsync();
await made.Task;
const int Prepared = 60;
await using FileState store = FileState.Open(marker + ".store", Prepared, TimeProvider.System);
StateDoor door = new(store, new TableFolder(Directory.CreateDirectory(marker + ".disk").FullName, 3), IsShared: true);
TableIntake intake = new(door, holder, service.Parts.GetRequiredService<QuietThread>(), service.Parts.GetRequiredService<ILogger<TableIntake>>());
FencingToken token = (await store.Lease.AcquireAsync("bench", TimeSpan.FromDays(1), default)).Token!;
RoutingTable first = holder.Current!.Table;
int size = 0;
for (int n = 1; n <= Prepared; n++)
{
    EncodedTable bytes = EncodedTable.Of(first.With(VersionOf(n)));
    if (await store.Tables.PutAsync(bytes, token, default) != FencedWrite.Stored) throw new InvalidOperationException($"{bytes.Version} is refused");
    size = bytes.Bytes.Length;
}
Console.WriteLine("ready");
using PeriodicTimer due = new(TimeSpan.FromSeconds(1));
TimeSpan spent = TimeSpan.Zero;
for (int swaps = 0, told = 0; await due.WaitForNextTickAsync();)
{
    if (File.Exists(marker))
    {
        long started = Stopwatch.GetTimestamp();
        await intake.TakeAsync(VersionOf(++swaps), default);
        spent += Stopwatch.GetElapsedTime(started);
        if (holder.Current!.Table.Version != VersionOf(swaps)) throw new InvalidOperationException($"{VersionOf(swaps)} was not taken");
    }
    else if (swaps > told)
    {
        (told, long alive) = (swaps, GC.GetTotalMemory(forceFullCollection: true));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"swaps {swaps}, {spent.TotalMilliseconds / swaps:F1} ms each, {size} B a table, {alive} B alive"));
    }
}
return 0;

TableVersion VersionOf(int n) => new(first.Version.Epoch, first.Version.Number + n);
