"""What agencies handed in for a month: kept, read, confirmed, and run."""
