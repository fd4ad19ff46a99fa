"""The joint day: one room, people of every agency, one agreement at the end."""
