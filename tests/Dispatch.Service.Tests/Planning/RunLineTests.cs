using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Service.Planning;

namespace TrafficDispatch.Service.Tests.Planning;

public sealed class RunLineTests
{
    [Fact]
    public void TryJoin_PlacesTaken_WaitsThenIsTurnedAway()
    {
        RunLine line = new(new() { Runs = 1, Queue = 1 });
        Assert.True(line.TryJoin(out RunTicket? first));
        Assert.True(line.TryJoin(out RunTicket? second));
        Assert.False(line.TryJoin(out _));
        Assert.Equal((0, 1), (first.Place, second.Place));
        Task moved = second.Moved;
        line.Leave(first);
        Assert.Equal((true, 0, 1, 0), (moved.IsCompleted, second.Place, line.Running, line.Waiting));
        line.Leave(second);
        Assert.Equal(0, line.Running);
    }

    /// <summary>Against a list that is looked through: whoever came first runs, never more than may, and nobody waits while a place is free.</summary>
    [Fact]
    public void JoinAndLeave_AnyOrder_KeepsTheLine()
    {
        var cases = Arb.From(from runs in Gen.Choose(0, 3) from queue in Gen.Choose(0, 4) from steps in Gen.ListOf(Gen.Choose(-6, 6)) select (runs, queue, steps: steps.ToArray()),
            static c => c.steps.Select((_, i) => (c.runs, c.queue, steps: c.steps.Where((_, at) => at != i).ToArray())));
        Prop.ForAll(cases, static c =>
        {
            RunLine line = new(new() { Runs = c.runs, Queue = c.queue });
            List<RunTicket> inside = [];
            foreach (int step in c.steps)
            {
                if (step >= 0)
                {
                    bool room = c.runs > 0 && inside.Count < c.runs + c.queue;
                    if (line.TryJoin(out RunTicket? ticket) != room) return false;
                    if (ticket is not null) inside.Add(ticket);
                }
                else if (inside.Count > 0)
                {
                    RunTicket gone = inside[-step % inside.Count];
                    inside.Remove(gone);
                    line.Leave(gone);
                }
                bool right = inside.Select((t, i) => t.Place == Math.Max(0, i + 1 - c.runs)).All(static ok => ok);
                if (!right || line.Running != Math.Min(inside.Count, c.runs) || line.Waiting != Math.Max(0, inside.Count - c.runs)) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }
}
